// A client as a vendor would write it: openapi-fetch with the types that openapi-typescript makes of the
// contract. It plays flow 2, option by option, reads everything back, and sends a report (flow 4.1).
//
// Usage: node client.mjs TOETSAFNAME_URL TOETSPLANNING_URL KNOWN_OFFERING_ID
// It ends with status 1 at the first surprise.

import createClient from "openapi-fetch";
import type { components, paths } from "./contract.js";

type Schemas = components["schemas"];
type Offering = Schemas["Offering"];
type Association = Schemas["Association"];
type Person = Schemas["Person"];

declare const process: { argv: string[]; exit(status: number): never };

const [afnameUrl, planningUrl, known] = process.argv.slice(2) as [string, string, string];
const afname = createClient<paths>({ baseUrl: afnameUrl });
const planning = createClient<paths>({ baseUrl: planningUrl });

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, part]) => [name, sorted(part)]),
  );
}

function same(what: string, got: unknown, wanted: unknown): void {
  const [one, other] = [got, wanted].map((value) => JSON.stringify(sorted(value)));
  if (one !== other) {
    console.error(`${what}: got ${one}, wanted ${other}`);
    process.exit(1);
  }
  console.log(what);
}

// -- messages, checked by the compiler against the contract --------------------------------------

const offeringId = crypto.randomUUID();
const path = { offeringId };

const offering: Offering = {
  offeringId,
  primaryCode: { codeType: "offeringCode", code: "REK-3F-2027-01" },
  offeringType: "component",
  name: [{ language: "nl-NL", value: "Rekenen 3F" }],
  description: [{ language: "nl-NL", value: "Eerste gelegenheid" }],
  teachingLanguage: "nld",
  modeOfDelivery: ["online"],
  resultExpected: true,
  startDateTime: "2027-01-18T09:00:00+01:00",
  endDateTime: "2027-01-18T10:30:00+01:00",
  consumers: [
    { consumerKey: "nl-test-admin", offeringState: "active", duration: "PT90M", safety: ["surveillance"] },
    { consumerKey: "x-timetable", slot: 7 },
  ],
};

function person(number: number): Person {
  return {
    personId: crypto.randomUUID(),
    primaryCode: { codeType: "studentNumber", code: `90000000${number}` },
    givenName: "Testa",
    surname: `Voorbeeld-000${number}`,
    displayName: `Voorbeeld-000${number}, Testa`,
    activeEnrollment: true,
    affiliations: ["guest"],
    mail: `testa.voorbeeld-000${number}@example.org`,
  };
}

function takesPart(who: Person, role: Schemas["Role"] = "student"): Association {
  return {
    associationId: crypto.randomUUID(),
    associationType: "componentOfferingAssociation",
    role,
    state: "associated",
    person: who,
    consumers: [{ consumerKey: "nl-test-admin", additionalTimeInMin: 30, personalNeeds: ["extraTime"] }],
  };
}

// -- calls ---------------------------------------------------------------------------------------

async function register(body: Schemas["AssociationsMessage"]): Promise<number> {
  const { response } = await afname.PUT("/offerings/{offeringId}/associations", { params: { path }, body });
  return response.status;
}

async function people(): Promise<unknown> {
  const { data } = await afname.GET("/offerings/{offeringId}/associations", {
    params: { path, query: { pageSize: 250, expand: "person" } },
  });
  return data?.items;
}

const [one, two, three] = [1, 2, 3].map((number) => takesPart(person(number))) as [
  Association,
  Association,
  Association,
];

// Option 1, create a session without students.
const created = await afname.PUT("/offerings", { body: offering });
same("1 created", created.response.status, 200);
const read = await afname.GET("/offerings/{offeringId}", { params: { path } });
same("1 reads back as sent", read.data, offering);
same("1 nobody takes part", await people(), []);

// Option 2, with students: one by one as objects, then a list that replaces the complete list.
same("2 one added", await register(one), 200);
same("2 another added", await register(two), 200);
same("2 both take part", await people(), [one, two]);
same("2 replaced", await register([three, takesPart(three.person, "invigilator")]), 200);
same("2 registered", await register([one, two]), 200);
same("2 the list is the list", await people(), [one, two]);

// Option 3, add students.
same("3 sent again with one more", await register([one, two, three]), 200);
same("3 all take part", await people(), [one, two, three]);

// Option 4, remove students.
same("4 sent again with one less", await register([one, three]), 200);
same("4 the others remain", await people(), [one, three]);
same("4 emptied", await register([]), 200);
same("4 nobody takes part", await people(), []);

// What breaks the contract does not compile, and is refused with a problem that the types describe.
// @ts-expect-error - there is no such role
const pupil: Association = takesPart(person(4), "pupil");
const refused = await afname.PUT("/offerings/{offeringId}/associations", { params: { path }, body: [pupil] });
same("4 an unknown role is refused", [refused.response.status, refused.error?.status], [400, "400"]);
same("4 it says where", refused.error?.errors?.[0]?.pointer, "/0/role");

// Option 5, delete the session.
const deleted = await afname.DELETE("/offerings/{offeringId}", { params: { path } });
same("5 deleted", deleted.response.status, 200);
const gone = await afname.GET("/offerings/{offeringId}", { params: { path } });
same("5 gone", [gone.response.status, gone.data, gone.error?.status], [404, undefined, "404"]);

// Flow 4.1, the report of a session that Toetsplanning knows.
const documents: Schemas["Document"][] = [
  { documentId: crypto.randomUUID(), documentType: "sessionReport", documentName: "Procesverbaal.pdf" },
  { documentId: crypto.randomUUID(), documentType: "attendanceReport", documentName: "Presentielijst.pdf" },
];
const irregularities = "Fire alarm at 09:40, twelve minutes added.";
const sent = await planning.PATCH("/offerings/{offeringId}", {
  params: { path: { offeringId: known } },
  body: { offeringType: "component", consumers: [{ consumerKey: "nl-test-admin", irregularities, documents }] },
});
same("4.1 received", sent.response.status, 200);
const reported = await planning.GET("/offerings/{offeringId}", { params: { path: { offeringId: known } } });
const consumer = reported.data?.consumers.find((each) => each.consumerKey === "nl-test-admin");
same("4.1 shows the report", consumer, { ...consumer, irregularities, documents });
same("4.1 under the same id", reported.data?.offeringId, known);
