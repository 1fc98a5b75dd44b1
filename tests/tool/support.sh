# SPDX-License-Identifier: MIT
# What the tests of the tool share: a temporary directory, a sample log, checks that name what differs.
# Sourced, with the tool's path in $1. Invariant: every check that fails says what was expected.
wick=$1
failed=0
work=$(mktemp -d "${TMPDIR:-/tmp}/wick-tool.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

cat > sample.ctxt <<'LOG'
1700000000.000000001 host 4242 main BMARK - wick 0.1.0 start
1700000000.000000001 host 4242 main run - program ./app
1700000000.000100000 host 4242 main site main:12 scope 12 - - app.c Most of the work
1700000000.000100001 host 4242 main START main:12 Most of the work
1700000000.000100002 host 4242 main site fetch:30 format 30 - - app.c fetch %s
1700000000.000100003 host 4242 main START fetch:30 fetch http://x
1700000000.000200003 host 4242 main cpu fetch:30 90000
1700000000.000200003 host 4242 main ENDER fetch:30 timed out
1700000000.000200103 host 4242 main BMARK main:14 Point in time
1700000000.000300000 host 4242 main unfinished main:12 exit
1700000000.000300000 host 4242 main ENDER main:12 
1700000000.000400000 host 4242 main BMARK - wick end
LOG

# same NAME EXPECTED ACTUAL
same() {
    if [ "$2" != "$3" ]; then
        printf 'FAILED: %s\n--- expected\n%s\n--- got\n%s\n' "$1" "$2" "$3"
        failed=1
    fi
}

# has NAME PART ACTUAL
has() {
    case $3 in
    *"$2"*) ;;
    *)
        printf 'FAILED: %s\n--- expected somewhere\n%s\n--- got\n%s\n' "$1" "$2" "$3"
        failed=1
        ;;
    esac
}

# code NAME EXPECTED COMMAND...: exit code; standard output and error are left in $out and $err
code() {
    name=$1 expected=$2
    shift 2
    "$@" > "$work/.out" 2> "$work/.err" < /dev/null
    same "$name: exit code" "$expected" $?
    out=$(cat "$work/.out")
    err=$(cat "$work/.err")
}
