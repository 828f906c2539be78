/* The recordings as files: lines of JSON, bytes in hex. */
#include "replay.h"

#include <sha2.h>

/* A whole file, ended by a zero; freed by the caller. */
static char *read_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t room = 0;
    size_t got = 0;
    CHECK_PLAYED(file != NULL);
    do {
        room = room == 0 ? 65536 : 2 * room;
        text = realloc(text, room);
        CHECK(text != NULL);
        got += fread(text + got, 1, room - 1 - got, file);
    } while (got == room - 1);
    fclose(file);
    text[got] = '\0';
    *length = got;
    return text;
}

struct recording load(const char *folder, const char *name)
{
    struct recording recording = {NULL, 0};
    char path[512];
    size_t length;
    char *text;
    char *line;
    playing = name;
    playing_line = 0;
    snprintf(path, sizeof path, "%s/%s/%s.jsonl", REPLAY_FOLDER, folder, name);
    text = read_file(path, &length);
    for (line = text; *line != '\0';) {
        char *end = strchr(line, '\n');
        CHECK_PLAYED(end != NULL);
        recording.lines = realloc(recording.lines, sizeof(cJSON *) * (recording.count + 1));
        CHECK(recording.lines != NULL);
        recording.lines[recording.count] = cJSON_ParseWithLength(line, end - line);
        CHECK_PLAYED(recording.lines[recording.count] != NULL);
        recording.count++;
        line = end + 1;
    }
    free(text);
    CHECK_PLAYED(recording.count > 1 && number(recording.lines[0], "replay") == 2);
    return recording;
}

void unload(struct recording *recording)
{
    int at;
    for (at = 0; at < recording->count; at++)
        cJSON_Delete(recording->lines[at]);
    free(recording->lines);
}

const cJSON *member(const cJSON *object, const char *name)
{
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(object, name);
    if (found == NULL)
        fprintf(stderr, "no member %s\n", name);
    CHECK_PLAYED(found != NULL);
    return found;
}

const char *string(const cJSON *object, const char *name)
{
    const cJSON *found = member(object, name);
    CHECK_PLAYED(cJSON_IsString(found));
    return found->valuestring;
}

uint64_t number(const cJSON *object, const char *name)
{
    const cJSON *found = member(object, name);
    CHECK_PLAYED(cJSON_IsNumber(found));
    return (uint64_t)found->valuedouble;
}

static int digit(char hex)
{
    CHECK_PLAYED((hex >= '0' && hex <= '9') || (hex >= 'a' && hex <= 'f'));
    return hex <= '9' ? hex - '0' : hex - 'a' + 10;
}

uint8_t *bytes(const cJSON *object, const char *name, size_t *length)
{
    const char *hex = string(object, name);
    size_t count = strlen(hex) / 2;
    uint8_t *data = malloc(count + 1);
    size_t at;
    CHECK(data != NULL);
    for (at = 0; at < count; at++)
        data[at] = (uint8_t)(16 * digit(hex[2 * at]) + digit(hex[2 * at + 1]));
    *length = count;
    return data;
}

int is_bytes(const cJSON *object, const char *name, const uint8_t *data, size_t length)
{
    size_t expected_length;
    uint8_t *expected = bytes(object, name, &expected_length);
    int is = expected_length == length && memcmp(expected, data, length) == 0;
    free(expected);
    return is;
}

void put_number(cJSON *object, const char *name, double value)
{
    CHECK(cJSON_AddNumberToObject(object, name, value) != NULL);
}

void put_text(cJSON *object, const char *name, const char *data, size_t length)
{
    char *copy = calloc(1, length + 1);
    CHECK(copy != NULL);
    memcpy(copy, data, length);
    CHECK(cJSON_AddStringToObject(object, name, copy) != NULL);
    free(copy);
}

void put_hex(cJSON *object, const char *name, const uint8_t *data, size_t length)
{
    char *hex = malloc(2 * length + 1);
    size_t at;
    CHECK(hex != NULL);
    for (at = 0; at < length; at++)
        sprintf(hex + 2 * at, "%02x", data[at]);
    put_text(object, name, hex, 2 * length);
    free(hex);
}

void put_sha256(cJSON *object, const char *name, const uint8_t *data, size_t length)
{
    SHA2_CTX hash;
    uint8_t digest[SHA256_DIGEST_LENGTH];
    SHA256Init(&hash);
    SHA256Update(&hash, data, length);
    SHA256Final(digest, &hash);
    put_hex(object, name, digest, sizeof digest);
}

void compare(const cJSON *recorded, cJSON *found)
{
    if (!cJSON_Compare(recorded, found, 1)) {
        char *one = cJSON_PrintUnformatted(recorded);
        char *other = cJSON_PrintUnformatted(found);
        fprintf(stderr, "recorded %s\nfound    %s\n", one, other);
        free(one);
        free(other);
        CHECK_PLAYED(!"what was found is what was recorded");
    }
    cJSON_Delete(found);
}

mynacard_roots *roots_of(const cJSON *header)
{
    const char *name = string(header, "roots");
    mynacard_roots *roots = NULL;
    char path[512];
    size_t length;
    char *json;
    if (strcmp(name, "production") == 0) {
        CHECK_OK(mynacard_roots_production(&roots));
        return roots;
    }
    snprintf(path, sizeof path, "%s/%s", REPLAY_FOLDER, name);
    json = read_file(path, &length);
    CHECK_OK(mynacard_roots_from_json((const uint8_t *)json, length, &roots));
    free(json);
    return roots;
}
