/* Plays every recording of conformance/replay: the same commands, values, codes and lines as in every
 * other language. */
#include "replay.h"

#include <dirent.h>

const char *playing = "";
int playing_line;

static void play_all(const char *folder, void (*play)(const char *name), int at_least)
{
    char path[512];
    DIR *entries;
    struct dirent *entry;
    int count = 0;
    snprintf(path, sizeof path, "%s/%s", REPLAY_FOLDER, folder);
    entries = opendir(path);
    CHECK(entries != NULL);
    while ((entry = readdir(entries)) != NULL) {
        char *end = strstr(entry->d_name, ".jsonl");
        if (end == NULL)
            continue;
        *end = '\0';
        play(entry->d_name);
        CHECK_PLAYED(mynacard_live_handles() == 0);
        count++;
    }
    closedir(entries);
    CHECK(count >= at_least);
    printf("%d %s\n", count, folder);
}

static void play_one_reading(const char *name)
{
    mynacard_reading *reading = NULL;
    mynacard_report *report = NULL;
    play_reading(name, &reading, &report);
    CHECK_OK(mynacard_report_free(report));
    CHECK_OK(mynacard_reading_free(reading));
}

int main(void)
{
    play_all("readings", play_one_reading, 60);
    play_all("encounters", play_encounter, 20);
    return 0;
}
