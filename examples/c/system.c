/* Random numbers and the time, on Windows and elsewhere. */
#include "app.h"

#include <stdlib.h>

#ifdef _WIN32
#include <windows.h>
/* After windows.h. */
#include <bcrypt.h>

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
#else
#include <stdio.h>
#include <time.h>

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
#endif
