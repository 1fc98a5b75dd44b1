#!/bin/sh
# SPDX-License-Identifier: MIT
# Histories of Amazon's SWF in wick tasks, profile, info, history and status: their links, times, pages; what is not used is said.
. "$(dirname "$0")/support.sh"
TZ=UTC
export TZ
unset WICK_FORMAT

# Times are numbers in the first page, strings in the second.
cat > page1.json <<'JSON'
{"events": [
  {"eventId": 1, "eventTimestamp": 1438729440.8, "eventType": "WorkflowExecutionStarted", "workflowExecutionStartedEventAttributes": {"workflowType": {"name": "basic", "version": "1"}, "input": "{\"args\":[1]}"}},
  {"eventId": 2, "eventTimestamp": 1438729440.9, "eventType": "DecisionTaskScheduled", "decisionTaskScheduledEventAttributes": {"taskList": {"name": "t"}}},
  {"eventId": 5, "eventTimestamp": 1438729441, "eventType": "ActivityTaskScheduled", "activityTaskScheduledEventAttributes": {"activityId": "increment-x", "activityType": {"name": "increment", "version": "1"}}},
  {"eventId": 6, "eventTimestamp": 1.4387295432e9, "eventType": "ActivityTaskStarted", "activityTaskStartedEventAttributes": {"scheduledEventId": 5, "identity": "w"}},
  {"eventId": 7, "eventTimestamp": 1438729543.990, "eventType": "ActivityTaskCompleted", "activityTaskCompletedEventAttributes": {"scheduledEventId": 5, "startedEventId": 6, "result": "2"}}
 ], "nextPageToken": "AAAA"}
JSON
cat > page2.json <<'JSON'
{"events": [
  {"eventId": 11, "eventTimestamp": "2015-08-04T23:05:44.890Z", "eventType": "ActivityTaskScheduled", "activityTaskScheduledEventAttributes": {"activityId": "double/x", "activityType": {"name": "double", "version": "1"}}},
  {"eventId": 12, "eventTimestamp": "2015-08-05T01:05:44.960000+02:00", "eventType": "ActivityTaskStarted", "activityTaskStartedEventAttributes": {"scheduledEventId": 11}},
  {"eventId": 13, "eventTimestamp": "2015-08-04T23:05:46.35", "eventType": "ActivityTaskCompleted", "activityTaskCompletedEventAttributes": {"scheduledEventId": 11, "startedEventId": 12}}
 ], "nextPageToken": "BBBB"}
{"events": [
  {"eventId": 14, "eventTimestamp": "2015-08-04T23:06:01.700Z", "eventType": "WorkflowExecutionCompleted", "workflowExecutionCompletedEventAttributes": {"result": "4"}}
 ]}
JSON
table='Task         Last State    Scheduled           Time Scheduled  Start               Time Running  End                 Percentage of total time
double-1     completed     2015-08-04 23:05              0.07  2015-08-04 23:05            1.39  2015-08-04 23:05                        1.15
increment-1  completed     2015-08-04 23:04            102.20  2015-08-04 23:05            0.79  2015-08-04 23:05                        0.65'
code 'pages' 0 "$wick" profile --header page1.json page2.json
same 'pages' "$table" "$out"
same 'pages: nothing to say' '' "$err"
code 'pages, the second twice' 0 "$wick" profile --header page1.json page2.json page2.json
same 'pages, the second twice' "$table" "$out"
if [ "$("$wick" doctor | grep -c '^zlib *yes')" = 1 ]; then
    gzip -k page1.json
    code 'a packed page' 0 "$wick" profile --header page1.json.gz page2.json
    same 'a packed page' "$table" "$out"
fi
cat page1.json page2.json > both.json
code 'one file' 0 sh -c "\"$wick\" profile --header - < both.json"
same 'one file' "$table" "$out"
code 'status' 0 "$wick" status --format text both.json
same 'status' 'basic finished 2/2
  increment finished 0/0
  double finished 0/0' "$out"
code 'two executions' 0 "$wick" status --format text --depth 1 both.json both.json
same 'two executions' 'basic finished 2/2
basic finished 2/2' "$out"
code 'a page that is missing' 0 "$wick" tasks page1.json
same 'a page that is missing' 'increment-1  completed  2015-08-04 23:05:43.990000  2015-08-04 23:04:01.000000' "$out"

cat > odd.json <<'JSON'
{"events": [
  {"eventId": 1, "eventTimestamp": 1000, "eventType": "WorkflowExecutionStarted", "workflowExecutionStartedEventAttributes": {"workflowType": {"name": "odd"}}},
  {"eventId": 2, "eventTimestamp": 1001, "eventType": "ActivityTaskScheduled", "activityTaskScheduledEventAttributes": {"activityId": "a", "activityType": {"name": "fetch"}}},
  {"eventId": 3, "eventTimestamp": 1002, "eventType": "ActivityTaskStarted", "activityTaskStartedEventAttributes": {"scheduledEventId": 2}},
  {"eventId": 4, "eventTimestamp": 1003.5, "eventType": "ActivityTaskFailed", "activityTaskFailedEventAttributes": {"scheduledEventId": 2, "startedEventId": 3, "reason": "no route", "details": "long"}},
  {"eventId": 5, "eventTimestamp": 1004, "eventType": "ActivityTaskScheduled", "activityTaskScheduledEventAttributes": {"activityId": "a", "activityType": {"name": "fetch"}}},
  {"eventId": 6, "eventTimestamp": 1005, "eventType": "ActivityTaskStarted", "activityTaskStartedEventAttributes": {"scheduledEventId": 5}},
  {"eventId": 7, "eventTimestamp": 1007, "eventType": "ActivityTaskTimedOut", "activityTaskTimedOutEventAttributes": {"scheduledEventId": 5, "startedEventId": 6, "timeoutType": "HEARTBEAT"}},
  {"eventId": 8, "eventTimestamp": 1008, "eventType": "TimerStarted", "timerStartedEventAttributes": {"timerId": "pause", "startToFireTimeout": "5"}},
  {"eventId": 9, "eventTimestamp": 1013, "eventType": "TimerFired", "timerFiredEventAttributes": {"timerId": "pause", "startedEventId": 8}},
  {"eventId": 10, "eventTimestamp": 1013, "eventType": "StartChildWorkflowExecutionInitiated", "startChildWorkflowExecutionInitiatedEventAttributes": {"workflowId": "child-7", "workflowType": {"name": "child"}}},
  {"eventId": 11, "eventTimestamp": 1014, "eventType": "ChildWorkflowExecutionStarted", "childWorkflowExecutionStartedEventAttributes": {"initiatedEventId": 10, "workflowExecution": {"workflowId": "child-7"}}},
  {"eventId": 12, "eventTimestamp": 1016, "eventType": "ChildWorkflowExecutionCanceled", "childWorkflowExecutionCanceledEventAttributes": {"initiatedEventId": 10, "startedEventId": 11}},
  {"eventId": 13, "eventTimestamp": 1017, "eventType": "WorkflowExecutionSignaled", "workflowExecutionSignaledEventAttributes": {"signalName": "go", "input": "now"}},
  {"eventId": 14, "eventTimestamp": 1018, "eventType": "MarkerRecorded", "markerRecordedEventAttributes": {"markerName": "half", "details": "50 %"}},
  {"eventId": 15, "eventTimestamp": 1018, "eventType": "ScheduleActivityTaskFailed", "scheduleActivityTaskFailedEventAttributes": {"activityId": "b", "activityType": {"name": "store"}, "cause": "OPEN_ACTIVITIES_LIMIT_EXCEEDED"}},
  {"eventId": 16, "eventTimestamp": 1019, "eventType": "ActivityTaskScheduled", "activityTaskScheduledEventAttributes": {"activityId": "c", "activityType": {"name": "fetch"}}},
  {"eventId": 17, "eventTimestamp": 1020, "eventType": "QuantumLeapTaken", "quantumLeapTakenEventAttributes": {}},
  {"eventId": 18, "eventTimestamp": 1021, "eventType": "ActivityTaskStarted", "activityTaskStartedEventAttributes": {"scheduledEventId": 99}},
  {"eventId": 19, "eventTimestamp": "yesterday", "eventType": "ActivityTaskStarted", "activityTaskStartedEventAttributes": {"scheduledEventId": 16}}
]}
JSON
code 'kinds' 0 "$wick" tasks --format csv odd.json
same 'kinds' 'fetch-2,scheduled,1970-01-01 00:16:59.000000,1970-01-01 00:16:59.000000
store-1,failed,1970-01-01 00:16:58.000000,1970-01-01 00:16:58.000000
child-1,canceled,1970-01-01 00:16:56.000000,1970-01-01 00:16:53.000000
pause-1,completed,1970-01-01 00:16:53.000000,1970-01-01 00:16:48.000000
fetch-1,timed out,1970-01-01 00:16:47.000000,1970-01-01 00:16:44.000000' "$out"
same 'what is not used' 'wick: 1 event has a type that is not known, and not used: QuantumLeapTaken
wick: 1 event refers to an event that scheduled nothing, or that is in a page that was not given
wick: 1 event is not used: without a number, a time, a type or an id' "$err"
code 'attempts' 0 "$wick" info odd.json fetch-1
has 'attempts' 'attempts        2
attempt 1       failed, began 1970-01-01 00:16:42.000000, ran 1.50 s: no route
attempt 2       timed out, began 1970-01-01 00:16:45.000000, ran 2.00 s: HEARTBEAT' "$out"
code 'profile' 0 "$wick" profile --format csv odd.json
same 'profile' 'pause-1,completed,1970-01-01 00:16,0.00,1970-01-01 00:16,5.00,1970-01-01 00:16,26.32
fetch-1,timed out,1970-01-01 00:16,1.00,1970-01-01 00:16,2.00,1970-01-01 00:16,10.53
child-1,canceled,1970-01-01 00:16,1.00,1970-01-01 00:16,2.00,1970-01-01 00:16,10.53' "$out"
code 'history' 0 "$wick" history odd.json odd
has 'a signal' '"facts":{"signal go":"now"}' "$out"
has 'a marker' '"facts":{"marker half":"50 %"}' "$out"

head -c 700 page1.json > torn.json
code 'a torn page' 2 "$wick" tasks torn.json
has 'a torn page' 'torn.json: the JSON ends in the middle: get the history again' "$err"
code 'elsewhere' 2 "$wick" tree odd.json
has 'elsewhere' "odd.json: this is the history of an Amazon SWF workflow; \`wick profile\`, \`tasks\`, \`info\`, \`history\` and \`status\` read it" "$err"
exit $failed
