"""Liars about what holds for every operation. Those that lie at Toetsplanning say so in their names."""

from __future__ import annotations

from dataclasses import replace

from tests.liars.liar import AFNAME, PLANNING, talks
from tests.liars.parts import own_consumer
from tests.liars.talk import Ask, Reply, Road, plain, problem

WRITES = {"putOffering", "postOffering", "putAssociations", "patchOffering"}


@talks(AFNAME, fails="http-problem-body")
async def errors_in_html(ask: Ask, road: Road) -> Reply:
    """Refusals come as a web page, as a framework makes them when nobody asks for JSON.

    Their status is right, and they change nothing.
    """
    reply = await road(ask)
    if reply.status < 400:
        return reply
    page = b"<html><body><h1>Error %d</h1></body></html>" % reply.status
    return replace(reply.declared_as("text/html"), body=page)


errors_in_html_at_planning = errors_in_html.at(PLANNING, fails="http-problem-body")


@talks(AFNAME, fails="http-problem-body")
async def errors_without_title(ask: Ask, road: Road) -> Reply:
    """Refusals come as JSON of the receiver's own making, without status and title.

    Their status is right, and they change nothing.
    """
    reply = await road(ask)
    return reply if reply.status < 400 else reply.saying({"error": "That did not work"})


@talks(AFNAME, fails="http-problem-body")
async def problem_names_another_status(ask: Ask, road: Road) -> Reply:
    """The problem body of every refusal says 500, whatever the answer says.

    The status of the answer is right.
    """
    reply = await road(ask)
    return reply if reply.status < 400 else reply.saying({**reply.value, "status": "500"})


problem_names_another_status_at_planning = problem_names_another_status.at(PLANNING, fails="http-problem-body")


@talks(AFNAME, warns="http-problem-body")
async def problems_as_plain_json(ask: Ask, road: Road) -> Reply:
    """Problem bodies are declared as application/json.

    All that they say is right.
    """
    reply = await road(ask)
    return reply if reply.status < 400 else reply.declared_as("application/json")


problems_as_plain_json_at_planning = problems_as_plain_json.at(PLANNING, warns="http-problem-body")


@talks(AFNAME, fails="2.1-malformed-json-is-refused http-no-5xx-on-any-input", warns="http-problem-body")
async def broken_json_is_a_crash(ask: Ask, road: Road) -> Reply:
    """A body that is not JSON is answered with 500 and a traceback on a web page.

    JSON that breaks the contract is refused.
    """
    if ask.operation in WRITES and ask.is_broken_json:
        page = b"<html><pre>Traceback (most recent call last): JSONDecodeError</pre></html>"
        return Reply(500, page, ((b"content-type", b"text/html"),))
    return await road(ask)


broken_json_is_a_crash_at_planning = broken_json_is_a_crash.at(
    PLANNING, fails="4.1-malformed-json-is-refused http-no-5xx-on-any-input", warns="http-problem-body"
)


@talks(AFNAME, fails="http-no-5xx-on-any-input")
async def nul_character_is_a_crash(ask: Ask, road: Road) -> Reply:
    """A text with a NUL character is answered with 500: the database behind it takes none.

    Everything else is taken or refused as it should be.
    """
    return problem(500, "Internal error") if b"\\u0000" in ask.body else await road(ask)


nul_character_is_a_crash_at_planning = nul_character_is_a_crash.at(PLANNING, fails="http-no-5xx-on-any-input")


@talks(AFNAME, fails="http-no-5xx-on-any-input")
async def odd_id_is_a_crash(ask: Ask, road: Road) -> Reply:
    """An id in the path that is no UUID is answered with 500.

    UUIDs are found or not found, as they should be.
    """
    odd = ask.key and len(ask.key) != len("7e570000-0000-4000-8000-000000000001")
    return problem(500, "Internal error") if odd and ask.path.startswith("/offerings/") else await road(ask)


@talks(
    AFNAME,
    warns="""
        2.1-invalid-offering-is-refused
        2.1-malformed-json-is-refused
        2.2-invalid-association-is-refused
        2.2-duplicate-association-is-refused
    """,
)
async def invalid_is_422(ask: Ask, road: Road) -> Reply:
    """Invalid messages are refused with 422 instead of 400.

    They are refused, and change nothing.
    """
    reply = await road(ask)
    if reply.status != 400 or not ask.body:
        return reply
    return reply.saying({**reply.value, "status": "422"}, 422)


invalid_is_422_at_planning = invalid_is_422.at(
    PLANNING,
    warns="""
        4.1-unknown-document-type-is-refused
        4.1-document-fields-are-required
        4.1-offering-type-is-required
        4.1-invalid-report-is-refused
        4.1-malformed-json-is-refused
    """,
)


@talks(
    AFNAME,
    fails="""
        2.1-invalid-offering-is-refused
        2.1-malformed-json-is-refused
        2.2-invalid-association-is-refused
        2.2-unknown-offering-is-404
        4.2-unknown-offering-is-404
    """,
    warns="""
        2.2-duplicate-association-is-refused
        2.5-unknown-delete-is-404
        4.1-documents-can-be-fetched
        http-unsupported-media-type
        http-wrong-method-is-405
    """,
)
async def errors_under_200(ask: Ask, road: Road) -> Reply:
    """Whatever is refused is answered with 200; only the body says that it was an error.

    Nothing that is refused changes anything.
    """
    reply = await road(ask)
    return reply if reply.status < 400 else plain({"success": False, **reply.value})


errors_under_200_at_planning = errors_under_200.at(
    PLANNING,
    fails="""
        4.1-unknown-document-type-is-refused
        4.1-document-fields-are-required
        4.1-invalid-report-is-refused
        4.1-malformed-json-is-refused
        4.1-unknown-offering-is-404
    """,
    warns="4.1-offering-type-is-required http-unsupported-media-type http-wrong-method-is-405",
)


@talks(AFNAME, warns="http-wrong-method-is-405")
async def wrong_method_is_404(ask: Ask, road: Road) -> Reply:
    """A method that is not served at a path is answered with 404.

    Paths and methods that are served work.
    """
    reply = await road(ask)
    return problem(404, "Not found") if reply.status == 405 else reply


wrong_method_is_404_at_planning = wrong_method_is_404.at(PLANNING, warns="http-wrong-method-is-405")


@talks(AFNAME, warns="http-unsupported-media-type")
async def xml_is_taken(ask: Ask, road: Road) -> Reply:
    """A body that is declared as XML is answered with 200.

    Nothing is done with it.
    """
    reply = await road(ask)
    return plain({}) if reply.status == 415 else reply


xml_is_taken_at_planning = xml_is_taken.at(PLANNING, warns="http-unsupported-media-type")


@talks(AFNAME, warns="base-service-metadata")
async def service_without_contact(ask: Ask, road: Road) -> Reply:
    """The service metadata do not say whom to contact.

    The rest of them is there.
    """
    reply = await road(ask)
    if ask.operation == "getService":
        return reply.saying({name: value for name, value in reply.value.items() if name != "contactEmail"})
    return reply


service_without_contact_at_planning = service_without_contact.at(PLANNING, warns="base-service-metadata")


@talks(AFNAME, fails="http-answers-follow-the-contract")
async def no_documents_is_an_object(ask: Ask, road: Road) -> Reply:
    """A session without documents shows an empty object where a list belongs, as some languages write it.

    Documents that are there are in a list.
    """
    reply = await road(ask)
    if ask.operation == "getOffering" and reply.status == 200:
        session = reply.value
        if not own_consumer(session).get("documents"):
            own_consumer(session)["documents"] = {}
        return reply.saying(session)
    return reply


no_documents_is_an_object_at_planning = no_documents_is_an_object.at(PLANNING, fails="http-answers-follow-the-contract")
