"""Whether the engine's answers are those of graphql-js, byte for byte."""

import hashlib
import json

# What editions newer than graphql-js 16 know (October 2021 and one draft) added to introspection, by owner.
ADDED_FIELDS = {
    "__Type": {"isOneOf"},
    "__Directive": {"isDeprecated", "deprecationReason"},
}
ADDED_ARGUMENTS = {("__Schema", "directives"): {"includeDeprecated"}}
ADDED_LOCATIONS = {"DIRECTIVE_DEFINITION"}
ADDED_DIRECTIVES = {"oneOf"}
# Arguments with a default that those editions made non-null.
STRICTER_ARGUMENTS = {"includeDeprecated", "reason"}


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def differs(ours, theirs, is_introspection):
    """None when the answers are equal, or what differs first, in a sentence."""
    if is_introspection:
        answer = json.loads(ours)
        if _bytes(answer) != ours:
            return "the answer is not in the form that graphql-js writes"
        leave_out_additions(answer["data"]["__schema"])
        ours = _bytes(answer)
    if ours == theirs:
        return None
    at = next((i for i, pair in enumerate(zip(ours, theirs)) if pair[0] != pair[1]), min(len(ours), len(theirs)))
    ours, theirs = (text[max(0, at - 60):at + 60].decode("utf-8", "replace") for text in (ours, theirs))
    return f"from byte {at}:\n  ours   …{ours}…\n  theirs …{theirs}…"


def leave_out_additions(schema):
    """Takes from an introspected schema what newer editions added to the types and directives built in."""
    for definition in schema["types"]:
        owner = definition["name"]
        if owner == "__DirectiveLocation":
            definition["enumValues"] = _without(definition["enumValues"], ADDED_LOCATIONS)
        if owner.startswith("__") and definition["fields"] is not None:
            definition["fields"] = _without(definition["fields"], ADDED_FIELDS.get(owner, ()))
            for field in definition["fields"]:
                field["args"] = _without(field["args"], ADDED_ARGUMENTS.get((owner, field["name"]), ()))
                _relax(field["args"])
    schema["directives"] = _without(schema["directives"], ADDED_DIRECTIVES)
    for directive in schema["directives"]:
        if directive["name"] == "deprecated":
            directive["locations"] = [name for name in directive["locations"] if name not in ADDED_LOCATIONS]
            _relax(directive["args"])


def _without(members, names):
    return [member for member in members if member["name"] not in names]


def _relax(arguments):
    for argument in arguments:
        if argument["name"] in STRICTER_ARGUMENTS and argument["type"]["kind"] == "NON_NULL":
            argument["type"] = argument["type"]["ofType"]


def _bytes(value):
    """As JSON.stringify writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
