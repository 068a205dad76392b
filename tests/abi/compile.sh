#!/bin/bash
# compile.sh - the header compiles by itself and in use, in the languages it promises, with
# every warning an error, with each compiler that is there.
set -u
failed=0
tried=0
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
include=(-I"$SRCDIR/sdk")
warnings=(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)

try() {
    local compiler=$1 language=$2 standard=$3 source=$4
    command -v "$compiler" >/dev/null || return 0
    tried=$((tried + 1))
    "$compiler" -x "$language" -std="$standard" "${warnings[@]}" "${include[@]}" \
        -fsyntax-only "$source" || {
        echo "FAIL: $compiler -std=$standard $source"
        failed=1
    }
}

echo '#include <hermod/plugin.h>' >"$dir/alone.c"
for source in "$dir/alone.c" "$SRCDIR/tests/abi/language.c"; do
    for compiler in gcc clang; do
        for standard in c11 c17 c2x gnu11 gnu17; do
            try "$compiler" c "$standard" "$source"
        done
    done
done
# The header alone is for any C++ from 11 on; HERMOD_PLUGIN() names fields, which is C++20.
for compiler in g++ clang++; do
    for standard in c++11 c++17 c++20; do
        try "$compiler" c++ "$standard" "$dir/alone.c"
    done
    try "$compiler" c++ c++20 "$SRCDIR/tests/abi/language.c"
done

# A field of another type than its row says must not compile.
cat >"$dir/wrong.c" <<'END'
#include <hermod/plugin.h>
struct config { int number; };
const struct hermod_setting row = HERMOD_INT(struct config, number, 0, NULL, 0, 1, "A number.");
END
if gcc -std=c11 "${include[@]}" -fsyntax-only "$dir/wrong.c" 2>/dev/null; then
    echo "FAIL: an int field for an int64_t setting compiles"
    failed=1
fi
# Asking for a minor that the header does not know must not compile either.
printf '#define HERMOD_WANT_MINOR 9999\n#include <hermod/plugin.h>\n' >"$dir/newer.c"
if gcc -std=c11 "${include[@]}" -fsyntax-only "$dir/newer.c" 2>/dev/null; then
    echo "FAIL: HERMOD_WANT_MINOR 9999 compiles"
    failed=1
fi
[ "$tried" -gt 0 ] || exit 77
exit $failed
