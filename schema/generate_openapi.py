"""/openapi.json and /docs from openapi.yaml and openapi_schemas.yaml."""

import html
import json

BANNER = "// Generated from schema/openapi*.yaml by schema/generate.py: edit that.\n"

STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --ink: #16181a; --paper: #fff; --accent: #076b4c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e6; --paper: #121413; --accent: #4c9; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.2; } h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); padding-bottom: .3rem; }
section { margin: 1rem 0; padding: .1rem 1rem .8rem; border: 1px solid var(--line); border-radius: .5rem; }
code { font: .9em ui-monospace, monospace; background: var(--soft); border-radius: .2rem; padding: .1em .3em; overflow-wrap: anywhere; }
a { color: var(--accent); } td:first-child code { white-space: nowrap; }
.method { color: var(--accent); font-weight: 700; } .note { opacity: .75; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-top: 1px solid var(--line); }
"""


def text(value):
    """`value` as HTML; what stands between backquotes is code."""
    parts = html.escape(str(value), quote=False).split("`")
    return "".join(f"<code>{part}</code>" if index % 2 else part for index, part in enumerate(parts))


def resolve(document, node):
    """`node`, or what its $ref names."""
    while "$ref" in node:
        found = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node


def type_text(schema):
    """What a schema allows, in a few words of HTML."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return f'<a href="#{name}">{name}</a>'
    if "enum" in schema:
        return " | ".join(f"<code>{html.escape(str(value))}</code>" for value in schema["enum"])
    if "const" in schema:
        return f"<code>{html.escape(json.dumps(schema['const']))}</code>"
    if "oneOf" in schema:
        return " | ".join(type_text(choice) for choice in schema["oneOf"])
    kind = schema.get("type", "any")
    if kind == "array":
        return "array of " + type_text(schema["items"])
    words = " or ".join(kind) if isinstance(kind, list) else kind
    if "minimum" in schema and "maximum" in schema:
        words += f" from {schema['minimum']} to {schema['maximum']}"
    if "pattern" in schema:
        words += f" like <code>{html.escape(schema['pattern'])}</code>"
    return words


def table(rows):
    cells = "".join(
        f"<tr><td><code>{html.escape(name)}</code></td><td>{kind}</td><td>{text(help_text)}</td></tr>" for name, kind, help_text in rows
    )
    return f'<div class="wide"><table>{cells}</table></div>' if rows else ""


def operation_html(document, path, method, operation):
    parts = [
        f'<section id="{operation["operationId"]}"><h3><span class="method">{method.upper()}</span> <code>{html.escape(path)}</code></h3>'
    ]
    parts.append(f"<p>{text(operation['summary'])}.</p>")
    if "description" in operation:
        parts.append(f'<p class="note">{text(operation["description"])}</p>')
    parameters = [resolve(document, parameter) for parameter in operation.get("parameters", [])]
    parts.append(table([(p["name"], type_text(p["schema"]), p["description"]) for p in parameters]))
    body = operation.get("requestBody")
    if body:
        parts += [f"<p>Body: {type_text(content['schema'])} (<code>{kind}</code>)</p>" for kind, content in body["content"].items()]
    for status, answer in operation["responses"].items():
        for kind, content in resolve(document, answer)["content"].items():
            parts.append(f"<p><code>{status}</code> {type_text(content['schema'])} (<code>{kind}</code>)</p>")
    return "".join(parts) + "</section>"


def schema_html(name, schema):
    required = schema.get("required", [])
    rows = [
        (member, type_text(declared) + ("" if member in required else " (optional)"), declared.get("description", ""))
        for member, declared in schema.get("properties", {}).items()
    ]
    about = schema.get("description", "")
    shape = table(rows) if rows else f"<p>{type_text(schema)}</p>"
    return f'<section id="{name}"><h3>{name}</h3>' + (f"<p>{text(about)}</p>" if about else "") + shape + "</section>"


def page(document):
    """The self-contained page of /docs."""
    info = document["info"]
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{info['title']}: HTTP API</title><style>{STYLE}</style></head><body>",
        f"<h1>{info['title']}: HTTP API</h1><p>{text(info['description'])}</p>",
        '<p><a href="openapi.json">openapi.json</a> · <a href="./">Dashboard</a></p>',
    ]
    for tag in document["tags"]:
        parts.append(f"<h2>{tag['name']}</h2><p>{text(tag['description'])}</p>")
        for path, operations in document["paths"].items():
            parts += [
                operation_html(document, path, method, operation)
                for method, operation in operations.items()
                if tag["name"] in operation["tags"]
            ]
    parts.append("<h2>Forms</h2>")
    parts += [schema_html(name, schema) for name, schema in document["components"]["schemas"].items()]
    return "\n".join(parts) + "\n</body></html>\n"


def literal(content):
    """`content` as C++ string literals, one for each line."""
    return "\n".join(f"    {json.dumps(line, ensure_ascii=False)}" for line in content.splitlines(keepends=True))


def cpp(document):
    """(header, source) of schema/openapi.{hpp,cpp}."""
    header = (
        BANNER + "#pragma once\n\n#include <string_view>\n\nnamespace bytebasket::schema {\n\n"
        "/// The OpenAPI document of the HTTP API, as JSON.\nstd::string_view openapi_json();\n"
        "/// The same for people: one HTML page that needs nothing else.\nstd::string_view api_page();\n\n"
        "}  // namespace bytebasket::schema\n"
    )
    document_json = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    source = (
        BANNER + '#include "schema/openapi.hpp"\n\nnamespace bytebasket::schema {\n\n'
        f"std::string_view openapi_json() {{\n  return\n{literal(document_json)};\n}}\n\n"
        f"std::string_view api_page() {{\n  return\n{literal(page(document))};\n}}\n\n"
        "}  // namespace bytebasket::schema\n"
    )
    return header, source
