/* Random numbers, the time and new files, on Windows and elsewhere. */
#if !defined(_WIN32) && !defined(_POSIX_C_SOURCE)
#define _POSIX_C_SOURCE 200809L
#endif
#include "app.h"

#include <fcntl.h>

#include <stdlib.h>

#ifdef _WIN32
#include <windows.h>
/* After windows.h. */
#include <bcrypt.h>
#include <io.h>
#include <sys/stat.h>

void app_random(uint8_t *bytes, size_t count)
{
    if (BCryptGenRandom(NULL, bytes, (ULONG)count, BCRYPT_USE_SYSTEM_PREFERRED_RNG) != 0)
        exit(3);
}

/* The old C runtime has no timespec_get. */
uint64_t app_now(void)
{
    FILETIME now; /* hundreds of nanoseconds since 1601 */
    GetSystemTimeAsFileTime(&now);
    return (((uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime) - 116444736000000000u) / 10000;
}

FILE *app_new_file(const char *path)
{
    int file = _open(path, _O_WRONLY | _O_CREAT | _O_EXCL | _O_BINARY, _S_IREAD | _S_IWRITE);
    return file < 0 ? NULL : _fdopen(file, "wb");
}
#else
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

void app_random(uint8_t *bytes, size_t count)
{
    FILE *source = fopen("/dev/urandom", "rb");
    size_t got = source == NULL ? 0 : fread(bytes, 1, count, source);
    if (source != NULL)
        fclose(source);
    if (got != count)
        exit(3);
}

uint64_t app_now(void)
{
    struct timespec now;
    if (timespec_get(&now, TIME_UTC) != TIME_UTC)
        exit(3);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

FILE *app_new_file(const char *path)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    return file < 0 ? NULL : fdopen(file, "wb");
}
#endif
