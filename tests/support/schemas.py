# SPDX-License-Identifier: MIT
"""Documents against their schemas in tools/schema, and the schemas against documents. Needs python3-jsonschema."""
import copy
import json
import os
import warnings

from patience import check

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from jsonschema import Draft202012Validator, RefResolver

DIRECTORY = os.path.join(os.path.dirname(os.path.realpath(__file__)), "../../tools/schema")
SCHEMAS = {}
for file in os.listdir(DIRECTORY):
    if file.endswith(".json"):
        with open(os.path.join(DIRECTORY, file)) as text:
            SCHEMAS[file[:-5]] = json.load(text)
STORE = {schema["$id"]: schema for schema in SCHEMAS.values()}


def errors(name, document):
    schema = SCHEMAS[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        validator = Draft202012Validator(schema, resolver=RefResolver(schema["$id"], schema, store=STORE))
        return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in validator.iter_errors(document)]


def objects(document):
    """All objects of a document."""
    inside = document.values() if isinstance(document, dict) else document if isinstance(document, list) else []
    return ([document] if isinstance(document, dict) else []) + [found for value in inside for found in objects(value)]


def fits(name, text):
    """The document is valid; with one property more, at any place, it is not."""
    document = json.loads(text)
    wrong = errors(name, document)
    check(not wrong, f"{name}: {wrong[:5]} in {text[:300]}")
    for i in range(min(len(objects(document)), 8)):
        other = copy.deepcopy(document)
        if "update_time" in objects(other)[i]:
            continue  # a tracker has members of its users' besides
        objects(other)[i]["unheard_of"] = 1
        check(errors(name, other), f"{name}: a property that the schema does not know is accepted: {objects(other)[i]}")
    return document
