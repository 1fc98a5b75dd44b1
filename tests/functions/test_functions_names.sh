#!/bin/sh
# SPDX-License-Identifier: MIT
# Names come from the file whose build id is the log's, wherever it is; any other file is refused and named.
. "$(dirname "$0")/support_functions.sh"

for compiler in $compilers; do
    build "$compiler" '-O1' || failed=1
    cp calls calls.full
    strip calls
    env WICK_LOG="$work/run.ctxt" LD_PRELOAD="$companion" ./calls > /dev/null
    code "$compiler: stripped" 0 "$wick" tree --no-times run.ctxt
    has "$compiler: stripped" '/calls is stripped' "$err"
    has "$compiler: stripped" '  calls+0x' "$out"
    has "$compiler: the library keeps its names" 'plugin_work' "$out"

    mkdir -p symbols
    mv calls.full symbols/calls
    code "$compiler: unstripped copy" 0 env WICK_SYMBOLS="/nowhere:$work/symbols" "$wick" tree --no-times run.ctxt
    same "$compiler: unstripped copy" "$(cat "$here/calls.tree")" "$out"
    same "$compiler: unstripped copy is silent" '' "$err"

    objcopy --only-keep-debug symbols/calls calls.debug && rm symbols/calls
    code "$compiler: debug file" 0 "$wick" tree --no-times run.ctxt
    same "$compiler: debug file" "$(cat "$here/calls.tree")" "$out"
    rm calls.debug

    mv calls calls.ran
    cp libcalls_plugin.so calls
    code "$compiler: replaced" 0 "$wick" tree --no-times run.ctxt
    has "$compiler: replaced" '/calls is not the file that ran (build id ' "$err"
    has "$compiler: replaced" '  calls+0x' "$out"
    printf 'ELF? no' > calls
    code "$compiler: not ELF" 0 "$wick" tree --no-times run.ctxt
    has "$compiler: not ELF" 'cannot be read as an ELF file' "$err"
    # Cut anywhere, the file must not be trusted.
    for bytes in 1 63 64 100 700 4096 12000; do
        head -c $bytes calls.ran > calls
        code "$compiler: cut at $bytes" 0 "$wick" tree --no-times run.ctxt
    done
    rm calls
    code "$compiler: gone" 0 "$wick" tree --no-times run.ctxt
    has "$compiler: gone" 'cannot be read' "$err"

    $compiler -O1 -Wl,--build-id=none -finstrument-functions -D_GNU_SOURCE "$here/calls.c" -o calls -L. \
        -lcalls_plugin -Wl,-rpath,"$work" -pthread -ldl || failed=1
    code "$compiler: no build id" 3 "$wick" run --functions --no-times ./calls
    has "$compiler: no build id" 'link it with -Wl,--build-id' "$err"
done

build "${compilers##* }" '-O2'
# Outputs of the running program have names; the log beside them is named offline as ever.
env WICK_TREE="$work/run.tree" WICK_LOG="$work/both.ctxt" LD_PRELOAD="$companion" ./calls > /dev/null
has 'the tree at exit' 'plugin_work' "$(cat run.tree)"
same 'the tree at exit: no offset' '' "$(grep '+0x' run.tree)"
same 'the log beside it' "$(cat "$here/calls.tree")" "$("$wick" tree --no-times both.ctxt 2>&1)"

# Parts that several threads read: the same names.
env WICK_LOG="$work/run.ctxt" LD_PRELOAD="$companion" ./calls > /dev/null
same 'in parts' "$(cat "$here/calls.tree")" \
    "$(env WICK_TEST_PART_BYTES=700 WICK_TEST_THREADS=2 "$wick" tree --no-times run.ctxt 2>&1)"
code 'report' 0 "$wick" report --by name run.ctxt
has 'report' 'recurse' "$out"

# Logs that are written anew have names in place of addresses, once and for all: here the files are no longer there.
env WICK_LOG="$work/run.wick" LD_PRELOAD="$companion" ./calls > /dev/null
"$wick" export --to context run.ctxt > context.ctxt
"$wick" export --to ctxt --resolve run.ctxt > text.ctxt
"$wick" export --to ctxt --resolve run.wick > from_wire.ctxt
"$wick" export --to wick --resolve run.ctxt --output wire.wick
"$wick" merge --resolve run.wick --output merged.wick
"$wick" merge --resolve run.ctxt --output merged.ctxt
"$wick" repair --resolve run.ctxt > /dev/null 2>&1
if command -v python3 > /dev/null; then
    has 'for Context' ' 0 at a wrong depth' "$(python3 "$here/../tool/context_depths.py" context.ctxt)"
fi
same 'one line for one line' "$(cut -d' ' -f1-5 run.ctxt)" "$(cut -d' ' -f1-5 text.ctxt)"
rm calls libcalls_plugin.so
for log in text.ctxt from_wire.ctxt wire.wick merged.wick merged.ctxt run.repaired.ctxt; do
    same "$log: names" "$(cat "$here/calls.tree")" "$("$wick" tree --no-times $log 2>&1)"
done
same 'no address is left' 0 "$(grep -c '+0x' text.ctxt)"
same 'for Context: no address is left' 0 "$(grep -c '+0x' context.ctxt)"
exit $failed
