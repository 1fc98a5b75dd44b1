#!/bin/sh
# SPDX-License-Identifier: MIT
# The recipe for CI, copied as its README says into a repository whose program is the workload: a slow-down fails the job, equal
# builds do not, and what is to be kept is there. usage: test_recipe.sh TOOL WORKLOAD
command -v git > /dev/null || { echo 'skipped: git is missing'; exit 77; }
# shellcheck source=tests/tool/support.sh
. "$(dirname "$0")/../tool/support.sh"
recipe=$(dirname "$0")/../../examples/ci
TMPDIR=$work
PATH=$(dirname "$wick"):$PATH
GIT_CONFIG_GLOBAL=/dev/null
GIT_CONFIG_SYSTEM=/dev/null
export TMPDIR PATH GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM

git init -q -b main repository && cd repository || exit 1
git config user.name tests && git config user.email tests@example.invalid
mkdir -p .github/workflows
cp "$recipe/compare-commits" .github/ && cp "$recipe/compare.yml" .github/workflows/ || exit 1
commit() { # WICK_SLOW: what the program of this commit does slower
    printf '#!/bin/sh\nWICK_SLOW=%s exec %s\n' "$1" "$2" > program
    git add -A && git commit -q --allow-empty -m "slow: $1"
}
run=$(sed -n 's/^ *- run: //p' .github/workflows/compare.yml)
same 'the workflow runs one thing' 1 "$(grep -c 'run: ' .github/workflows/compare.yml)"
has 'the script' '.github/compare-commits' "$run"
GITHUB_BASE_REF=main GITHUB_STEP_SUMMARY=$work/summary
BUILD='cp program app && chmod +x app' RUN=./app RUNS=5
export GITHUB_BASE_REF GITHUB_STEP_SUMMARY BUILD RUN RUNS

commit '' "$2"
git update-ref refs/remotes/origin/main HEAD
commit g07/p3:2 "$2"
code 'a slow-down' 1 sh -c "$run"
has 'its annotation' '::error file=' "$out"
has 'its place' 'main > workload > g07 > p3: cost' "$out"
has 'the verdict' 'wick: verdict=regression exit=1' "$(tail -n 1 wick-compare/verdict)"
same 'the artefacts' 'base.wicksum build-base.log build-head.log head.wicksum report.json report.md report.txt verdict' \
    "$(echo $(ls wick-compare))"
same 'runs of each' '5 5' "$(echo $(cat wick-compare/*.wicksum | grep -c '"log":"[^"]*base') $(cat wick-compare/*.wicksum | grep -c '"log":"[^"]*candidate'))"
has 'the summary of the job' '### wick compare: regression' "$(cat "$work/summary")"
code 'the summaries say the same' 1 "$wick" compare wick-compare/base.wicksum -- wick-compare/head.wicksum

# What is on the branch already is compared with the commit before it. It is slower as before.
commit g07/p3:2 "$2"
git update-ref refs/remotes/origin/main HEAD
code 'equal builds' 0 sh -c "$run"
same 'no error' '' "$(echo "$out" | grep '^::error')"
same 'nothing is left' '' "$(ls -d "$work"/tmp.* 2> /dev/null)"
same 'no checkout is left' 1 "$(git worktree list | wc -l)"

BUILD='echo no compiler; false'
code 'a build that fails' 2 sh -c "$run"
has 'a build that fails' 'no compiler' "$err"
has 'which' '(base) cannot be built' "$err"
BUILD=true RUN='exit 3'
code 'a program that fails' 2 sh -c "$run"
unset RUN
code 'no program' 2 sh -c "$run"
has 'no program' 'RUN is not set' "$err"
exit $failed
