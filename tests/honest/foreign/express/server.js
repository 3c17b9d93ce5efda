// Serves a role with Express, in memory; messages are checked by ajv with the schemas of the OpenAPI document.
//
//   node server.js --role toetsafname --port 8000 [--defaults] [--by-the-letter]
//
// --defaults: Express's own body limit (100 kB) and HTML error pages, where the contract leaves that freedom.
// --by-the-letter: a report is merged as RFC 7396 says, so that it replaces the whole array `consumers`.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import addFormats from 'ajv-formats'
import Ajv from 'ajv'
import express from 'express'
import { parse } from 'yaml'
import { perform } from './client.js'
import { office } from './office.js'

const { values: told } = parseArgs({
  options: {
    role: { type: 'string', default: 'toetsafname' },
    port: { type: 'string', default: '8000' },
    defaults: { type: 'boolean', default: false },
    'by-the-letter': { type: 'boolean', default: false },
  },
})

const document = parse(readFileSync(new URL('../../../../spec/ooapi-toets.yaml', import.meta.url), 'utf8'))
const ajv = new Ajv({ strict: false, allErrors: false })
addFormats(ajv)
ajv.addSchema({ $id: 'openapi', components: document.components })
const check = Object.fromEntries(
  ['Uuid', 'Offering', 'OfferingReport', 'AssociationsMessage'].map((name) => [
    name,
    ajv.compile({ $ref: `openapi#/components/schemas/${name}` }),
  ]),
)

class Refusal extends Error {
  constructor(status, title, detail) {
    super(detail ?? title)
    Object.assign(this, { status, title, detail })
  }
}

function valid(name, message) {
  if (!check[name](message)) {
    throw new Refusal(400, 'Bad Request', ajv.errorsText(check[name].errors, { dataVar: name }))
  }
  return message
}

/** Sessions by their id in lower case: { offering, associations: Map }. */
const sessions = new Map()

function session(id) {
  const found = sessions.get(valid('Uuid', id).toLowerCase())
  if (!found) throw new Refusal(404, 'Not Found', 'There is no such session.')
  return found
}

const app = express()
const limit = told.defaults ? undefined : '20mb'
app.use(express.json({ type: ['application/json', 'application/merge-patch+json'], limit }))

function mustBeJson(request, _response, next) {
  if (request.body === undefined) {
    next(new Refusal(request.is('*/*') && !request.is('json') ? 415 : 400, 'No JSON', 'A JSON body is expected.'))
  } else next()
}

const router = express.Router()

router.get('/', (_request, response) => {
  response.json({
    contactEmail: 'beheer@example.org',
    specification: 'https://example.org/openapi.yaml',
    documentation: 'https://example.org/docs',
  })
})

router.get('/offerings/:id', (request, response) => {
  response.json(session(request.params.id).offering)
})

function putOffering(request, response) {
  const offering = valid('Offering', request.body)
  const id = offering.offeringId.toLowerCase()
  const associations = sessions.get(id)?.associations ?? new Map()
  sessions.set(id, { offering, associations })
  response.json(offering)
}

function putAssociations(request, response) {
  const { associations } = session(request.params.id)
  const sent = valid('AssociationsMessage', request.body)
  if (!Array.isArray(sent)) {
    associations.set(sent.associationId.toLowerCase(), sent)
  } else {
    const next = new Map(sent.map((each) => [each.associationId.toLowerCase(), each]))
    if (next.size < sent.length) throw new Refusal(400, 'Bad Request', 'An associationId occurs twice.')
    associations.clear()
    for (const [id, each] of next) associations.set(id, each)
  }
  response.json(sent)
}

function getAssociations(request, response) {
  const everybody = [...session(request.params.id).associations.values()]
  const size = Number(request.query.pageSize ?? 10)
  const page = Number(request.query.pageNumber ?? 1)
  if (![10, 20, 50, 100, 250].includes(size) || !Number.isInteger(page) || page < 1) {
    throw new Refusal(400, 'Bad Request', 'There is no such page.')
  }
  const expand = String(request.query.expand ?? '').split(',').includes('person')
  const items = everybody.slice((page - 1) * size, page * size)
  response.json({
    pageSize: size,
    pageNumber: page,
    hasPreviousPage: page > 1,
    hasNextPage: page * size < everybody.length,
    totalPages: Math.ceil(everybody.length / size),
    items: expand ? items : items.map((each) => ({ ...each, person: each.person.personId })),
  })
}

function deleteOffering(request, response) {
  session(request.params.id)
  sessions.delete(request.params.id.toLowerCase())
  response.json({ deleted: request.params.id })
}

/** RFC 7396, section 2. */
function mergePatch(target, patch) {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch
  const result = target !== null && typeof target === 'object' && !Array.isArray(target) ? { ...target } : {}
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name]
    else result[name] = mergePatch(Object.hasOwn(result, name) ? result[name] : undefined, value)
  }
  return result
}

function patchOffering(request, response) {
  const known = session(request.params.id)
  const report = valid('OfferingReport', request.body)
  if (told['by-the-letter']) {
    const merged = mergePatch(known.offering, report)
    merged.offeringId = known.offering.offeringId
    valid('Offering', { ...merged, consumers: document.components.examples.offeringMinimal.value.consumers })
    known.offering = merged
  } else {
    const consumers = [...known.offering.consumers]
    for (const each of report.consumers ?? []) {
      const at = consumers.findIndex((other) => other.consumerKey === each.consumerKey)
      if (at < 0) consumers.push(each)
      else consumers[at] = mergePatch(consumers[at], each)
    }
    known.offering = { ...known.offering, consumers }
  }
  response.json(known.offering)
}

if (told.role === 'toetsafname') {
  router.put('/offerings', mustBeJson, putOffering)
  router.post('/offerings', mustBeJson, (request, response) => putOffering(request, response.status(201)))
  router.delete('/offerings/:id', deleteOffering)
  router.put('/offerings/:id/associations', mustBeJson, putAssociations)
  router.get('/offerings/:id/associations', getAssociations)
} else {
  router.patch('/offerings/:id', mustBeJson, patchOffering)
  for (const [number, offeringState] of ['active', 'active', 'canceled'].entries()) {
    const offeringId = `e7000000-0000-4000-8000-00000000000${number + 1}`
    sessions.set(offeringId, {
      associations: new Map(),
      offering: {
        ...document.components.examples.offeringComplete.value,
        offeringId,
        consumers: [
          { consumerKey: 'nl-test-admin', offeringState, duration: 'PT120M', safety: ['surveillance'] },
          { consumerKey: 'x-rooster', slot: 7 },
        ],
      },
    })
  }
}
app.use('/ooapi', router)
app.use('/office', office(sessions))
app.post('/trigger', async (request, response) => {
  const { step, session, url } = request.body
  await perform(step, session, url, `http://127.0.0.1:${told.port}/office`)
  response.sendStatus(204)
})

function sendProblem(response, status, title, detail) {
  response.status(status).type('application/problem+json').send(JSON.stringify({ status: String(status), title, detail }))
}

if (!told.defaults) {
  app.use((_request, response) => sendProblem(response, 404, 'Not Found', 'Nothing is served here.'))
}
app.use((error, _request, response, next) => {
  if (response.headersSent) return next(error)
  // With Express's defaults only what the application itself refuses has a body of its own.
  const own = error instanceof Refusal || error.type === 'entity.parse.failed' || error instanceof URIError
  if (told.defaults && !own) return next(error)
  const status = error.status ?? 500
  return sendProblem(response, status, error.title ?? 'Refused', status < 500 ? error.message : undefined)
})

app.listen(Number(told.port), '127.0.0.1')
