#!/bin/bash
# symbols.sh - each plugin we build exports exactly its descriptor, and takes nothing from
# the host.
set -u
failed=0
tried=0
command -v nm >/dev/null || exit 77
host=$(nm --defined-only --extern-only "$BUILDDIR/libhermod.a" 2>/dev/null |
       awk 'NF == 3 { print $3 }' | sort -u)

for so in "$BUILDDIR"/plugins/*/*.so "$BUILDDIR"/tests/abi/good/courier.so; do
    [ -e "$so" ] || continue
    tried=$((tried + 1))
    # __odr_asan: the sanitizer's own, in its builds only.
    exported=$(nm -D --defined-only "$so" | awk '$NF !~ /^__odr_asan/ { print $NF }')
    if [ "$exported" != hermod_plugin_1 ]; then
        echo "FAIL: $so exports: $exported"
        failed=1
    fi
    taken=$(nm -D --undefined-only "$so" | awk '{ sub(/@.*/, "", $NF); print $NF }' |
            sort -u | comm -12 - <(echo "$host"))
    if [ -n "$taken" ]; then
        echo "FAIL: $so takes from the host: $taken"
        failed=1
    fi
done
[ "$tried" -ge 2 ] || { echo "FAIL: only $tried plugins found"; exit 1; }
exit $failed
