#!/bin/bash
# corpus.sh - every fuzz target over its corpus; TAP.
set -u
corpus=${SRCDIR:-.}/tests/fuzz/corpus
bin=${BUILDDIR:-.}/tests/fuzz
n=0 failed=0
for dir in "$corpus"/*/; do
    target=$(basename "$dir")
    n=$((n + 1))
    if out=$("$bin/$target" "$dir"* 2>&1); then
        echo "ok $n - the $target corpus: $(tail -n 1 <<<"$out")"
    else
        echo "not ok $n - the $target corpus"
        sed 's/^/# /' <<<"$out"
        failed=1
    fi
done
echo "1..$n"
exit $((failed || n == 0))
