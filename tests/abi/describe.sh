#!/bin/bash
# describe.sh - `hermod plugin info` of files that misbehave while they are loaded: the one who
# asks lives, and is told how it went.
set -u
failed=0

wants() {
    local name=$1 text=$2 out status
    out=$("$HERMOD" plugin info "$BUILDDIR/tests/abi/$name.so" 2>&1)
    status=$?
    out=$(tr -s ' \n' ' ' <<<"$out")
    if [ $status != 1 ] || [[ "$out" != *"$text"* ]]; then
        echo "FAIL: $name: status $status, wanted 1 and \"$text\":"
        echo "$out"
        failed=1
    fi
}

wants bad/constructor-exits "died while being loaded: exit status 0"
wants bad/bad-name 'name: wanted a letter a-z, then letters, digits'
wants bad/no-symbol "has no symbol hermod_plugin_1"
# A sanitizer reports a crash its own way, with a status of its own.
if ! nm "$HERMOD" 2>/dev/null | grep -q __asan_init; then
    wants bad/constructor-crashes "died while being loaded: signal 11 (Segmentation fault)"
fi
# Out of processor time, or on a busy machine first out of time.
wants bad/constructor-hangs "while being loaded"
if ! "$HERMOD" plugin info "$BUILDDIR/tests/abi/good/everything.so" >/dev/null; then
    echo "FAIL: a sound plugin does not load"
    failed=1
fi
exit $failed
