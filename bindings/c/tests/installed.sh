#!/bin/sh
# Installs the package and builds the README's program from it as a vendor would: with pkg-config, and
# with find_package against the shared and the static library.
set -eu
build=$1 source=$2 work=$3
rm -rf "$work"
mkdir -p "$work/app"
cmake --install "$build" --prefix "$work/prefix" > "$work/install.log"

# The program, exactly as it stands in the README, and no longer than it claims to be.
awk '/^```c$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$source/README.md" > "$work/app/hello.c"
body=$(sed '1,/^int main/d' "$work/app/hello.c" | wc -l)
test "$body" -le 15 || { echo "hello, card has $body lines"; exit 1; }

expect() {
    said=$("$@")
    test "$said" = "Hello, 救急　太郎" || { echo "$*: $said"; exit 1; }
}

lib=$(dirname "$(find "$work/prefix" -name mynacard.pc)")
flags=$(PKG_CONFIG_PATH=$lib pkg-config --cflags --libs mynacard)
# shellcheck disable=SC2086
"${CC:-cc}" -std=c11 -Wall -Wextra -Werror -pedantic "$work/app/hello.c" $flags -o "$work/hello"
LD_LIBRARY_PATH=$(dirname "$lib") expect "$work/hello"
test "$(PKG_CONFIG_PATH=$lib pkg-config --modversion mynacard)" = \
    "$(sed -n 's/^#define MYNACARD_VERSION "\(.*\)"/\1/p' "$source/include/mynacard.h")"

cat > "$work/app/CMakeLists.txt" <<'CMAKE'
cmake_minimum_required(VERSION 3.20)
project(hello C)
set(CMAKE_C_STANDARD 11)
find_package(mynacard 0.1 REQUIRED)
add_executable(with-shared hello.c)
target_link_libraries(with-shared PRIVATE mynacard::mynacard)
add_executable(with-static hello.c)
target_link_libraries(with-static PRIVATE mynacard::static)
CMAKE
cmake -S "$work/app" -B "$work/app/build" -DCMAKE_PREFIX_PATH="$work/prefix" > "$work/cmake.log"
cmake --build "$work/app/build" >> "$work/cmake.log" || { cat "$work/cmake.log"; exit 1; }
expect "$work/app/build/with-shared"
expect "$work/app/build/with-static"
echo "hello, card: $body lines; pkg-config, find_package shared and static"
