#!/bin/sh
# Runs the example apps over virtual cards: the whole drill, a refusal, a card that is none, no reader.
set -eu
umask 000
work=$1
c=$2
cpp=$3
rm -rf "$work"
mkdir -p "$work"

# The same answers must give the same words from both.
both() {
    answers=$1 code=$2
    shift 2
    for app in "$c" "$cpp"; do
        log=$work/$(basename "$app").jsonl
        rm -f "$log"
        found=0
        printf "$answers" | "$app" "$log" "$@" > "$work/$(basename "$app").out" 2> "$work/errors" || found=$?
        test "$found" = "$code" || { echo "$app $*: exit $found"; cat "$work/$(basename "$app").out" "$work/errors"; exit 1; }
    done
    # The report has the minute in it, which may change between the two.
    for app in "$c" "$cpp"; do
        sed 's/[0-9][0-9]*[時:][0-9][0-9]*分*//g' "$work/$(basename "$app").out" > "$work/$(basename "$app").said"
    done
    cmp "$work/$(basename "$c").said" "$work/$(basename "$cpp").said"
}
said() { grep -q "$1" "$work/$(basename "$c").out" || { echo "not said: $1"; exit 1; }; }
logged() { grep -q "\"event\":\"$1\"" "$work/$(basename "$c").jsonl" || { echo "not logged: $1"; exit 1; }; }

both 'y\ny\n' 0 --sim adult
said '氏名 救急　太郎' && said '正規のカードです' && logged permit/summary && logged handed-over
both 'y\nn\n' 0 --sim adult
logged ended/refused
both 'n\n' 0 --sim child
said '顔写真なし' && logged ended/face-differs
both '' 1 --sim phone
# Where there is no reader, the code says so and the app ends in order.
PCSCLITE_CSOCK_NAME=$work/none both '' 1
said '! 100'

# The log is a new file and its owner's alone; what is there already, or a link, stays as it is.
echo kept > "$work/victim"
ln -s victim "$work/link"
ln -s absent "$work/dangling"
for app in "$c" "$cpp"; do
    mode=$(ls -l "$work/$(basename "$app").jsonl" | cut -c 1-10)
    test "$mode" = -rw------- || { echo "$app: the log is $mode"; exit 1; }
    for taken in victim link dangling; do
        found=0
        printf 'y\ny\n' | "$app" "$work/$taken" --sim adult > "$work/refused" 2> "$work/errors" || found=$?
        test "$found" = 2 || { echo "$app wrote to $taken: exit $found"; cat "$work/refused"; exit 1; }
        grep -q "$taken: File exists" "$work/errors" || { echo "$app does not name it:"; cat "$work/errors"; exit 1; }
    done
    test "$(cat "$work/victim")" = kept && test ! -e "$work/absent" || { echo "$app wrote over something"; exit 1; }
done
echo "the apps in C and C++ said the same in 5 runs"
