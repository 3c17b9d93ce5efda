// Serves Toetsafname with Fastify and its own schema validation (ajv as Fastify sets it up: it coerces types,
// fills in defaults and drops what a schema does not allow), in memory.
//
//   node server.js --port 8000
import { parseArgs } from 'node:util'
import fastify from 'fastify'

const { values: told } = parseArgs({ options: { port: { type: 'string', default: '8000' } } })

const uuid = { type: 'string', format: 'uuid' }
const instant = { type: 'string', format: 'date-time' }
const code = {
  type: 'object',
  required: ['codeType', 'code'],
  properties: { codeType: { type: 'string', minLength: 1 }, code: { type: 'string', minLength: 1 } },
}
const texts = {
  type: 'array',
  minItems: 1,
  items: {
    type: 'object',
    required: ['language', 'value'],
    properties: { language: { type: 'string' }, value: { type: 'string' } },
  },
}
const documents = {
  type: 'array',
  nullable: true,
  items: {
    type: 'object',
    required: ['documentId', 'documentType', 'documentName'],
    properties: {
      documentId: { type: 'string', minLength: 1 },
      documentType: { enum: ['sessionReport', 'attendanceReport', 'assessmentModel', 'other'] },
      documentName: { type: 'string' },
    },
  },
}

function consumers(ours) {
  return {
    type: 'array',
    items: {
      type: 'object',
      required: ['consumerKey'],
      properties: { consumerKey: { type: 'string', minLength: 1 } },
      if: { properties: { consumerKey: { const: 'nl-test-admin' } } },
      then: ours,
    },
  }
}

const offering = {
  type: 'object',
  required: [
    'offeringId',
    'primaryCode',
    'offeringType',
    'name',
    'description',
    'teachingLanguage',
    'resultExpected',
    'consumers',
    'startDateTime',
    'endDateTime',
  ],
  properties: {
    offeringId: uuid,
    primaryCode: code,
    offeringType: { const: 'component' },
    name: texts,
    description: texts,
    teachingLanguage: { const: 'nld' },
    modeOfDelivery: { type: 'array', nullable: true, items: { enum: ['distance-learning', 'online', 'situated'] } },
    resultExpected: { type: 'boolean' },
    otherCodes: { type: 'array', nullable: true, items: code },
    startDateTime: instant,
    endDateTime: instant,
    consumers: {
      ...consumers({
        required: ['offeringState'],
        properties: {
          offeringState: { enum: ['active', 'canceled'] },
          duration: { type: 'string', format: 'duration', nullable: true },
          safety: { type: 'array', nullable: true, items: { type: 'string' } },
          documents,
        },
      }),
      minItems: 1,
      contains: { properties: { consumerKey: { const: 'nl-test-admin' } } },
    },
  },
}

const association = {
  $id: 'association',
  type: 'object',
  required: ['associationId', 'associationType', 'role', 'state', 'person'],
  properties: {
    associationId: uuid,
    associationType: { const: 'componentOfferingAssociation' },
    role: { enum: ['student', 'invigilator', 'coordinator', 'assessor', 'lecturer', 'teaching assistant', 'guest'] },
    state: { enum: ['associated', 'canceled', 'pending', 'denied', 'queued', 'finished'] },
    person: {
      type: 'object',
      required: ['personId', 'primaryCode', 'givenName', 'surname', 'displayName', 'activeEnrollment', 'mail'],
      properties: {
        personId: uuid,
        primaryCode: code,
        givenName: { type: 'string', maxLength: 256 },
        surnamePrefix: { type: 'string', nullable: true },
        surname: { type: 'string', maxLength: 256 },
        displayName: { type: 'string', maxLength: 256 },
        activeEnrollment: { type: 'boolean' },
        affiliations: { type: 'array', items: { enum: ['student', 'employee', 'guest'] } },
        mail: { type: 'string', format: 'email', maxLength: 256 },
      },
    },
    consumers: {
      ...consumers({
        properties: {
          additionalTimeInMin: { type: 'integer', minimum: 0, nullable: true },
          personalNeeds: { type: 'array', nullable: true, items: { type: 'string' } },
        },
      }),
      nullable: true,
    },
  },
}

const inPath = { type: 'object', properties: { id: uuid } }
const pages = {
  type: 'object',
  properties: {
    pageSize: { type: 'integer', enum: [10, 20, 50, 100, 250], default: 10 },
    pageNumber: { type: 'integer', minimum: 1, default: 1 },
    expand: { type: 'string', default: '' },
  },
}

const app = fastify({ bodyLimit: 10 * 1024 * 1024, ajv: { customOptions: { strict: false } } })
app.addSchema(association)
app.addContentTypeParser('application/merge-patch+json', { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'))

app.setErrorHandler((error, _request, reply) => {
  const status = error.statusCode ?? 500
  return reply
    .code(status)
    .header('content-type', 'application/problem+json')
    .send(JSON.stringify({ status: String(status), title: error.name, detail: error.message.slice(0, 500) }))
})

/** Sessions by id; what takes part in one is a list. */
const sessions = new Map()

function refuse(statusCode, message) {
  return Object.assign(new Error(message), { statusCode })
}

function found(request) {
  const session = sessions.get(request.params.id.toLowerCase())
  if (!session) throw refuse(404, 'There is no such session.')
  return session
}

app.register(
  async (routes) => {
    routes.put('/offerings', { schema: { body: offering } }, async (request) => {
      const id = request.body.offeringId.toLowerCase()
      sessions.set(id, { offering: request.body, people: sessions.get(id)?.people ?? [] })
      return request.body
    })

    routes.get('/offerings/:id', { schema: { params: inPath } }, async (request) => found(request).offering)

    routes.delete('/offerings/:id', { schema: { params: inPath } }, async (request) => {
      found(request)
      sessions.delete(request.params.id.toLowerCase())
      return {}
    })

    const one = { $ref: 'association#' }
    const body = { if: { type: 'array' }, then: { type: 'array', items: one }, else: one }
    routes.put('/offerings/:id/associations', { schema: { params: inPath, body } }, async (request) => {
      const session = found(request)
      const sent = [request.body].flat()
      const ids = new Set(sent.map((each) => each.associationId.toLowerCase()))
      if (ids.size < sent.length) throw refuse(400, 'An associationId occurs twice.')
      const others = session.people.filter((each) => !ids.has(each.associationId.toLowerCase()))
      session.people = Array.isArray(request.body) ? sent : [...others, ...sent]
      return request.body
    })

    const reading = { schema: { params: inPath, querystring: pages } }
    routes.get('/offerings/:id/associations', reading, async (request) => {
      const { people } = found(request)
      const { pageSize, pageNumber, expand } = request.query
      const page = people.slice((pageNumber - 1) * pageSize, pageNumber * pageSize)
      const whole = expand.split(',').includes('person')
      return {
        pageSize,
        pageNumber,
        hasPreviousPage: pageNumber > 1,
        hasNextPage: pageNumber * pageSize < people.length,
        totalPages: Math.ceil(people.length / pageSize),
        items: whole ? page : page.map((each) => ({ ...each, person: each.person.personId })),
      }
    })
  },
  { prefix: '/ooapi' },
)

await app.listen({ port: Number(told.port), host: '127.0.0.1' })
