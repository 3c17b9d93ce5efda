// The part of the system that is no interface with others: here a planner makes sessions and an invigilator reports.
// The clients (Java, Node, curl) take from it what they send. It is served beside the contract, under /office.
import { randomUUID } from 'node:crypto'
import express from 'express'

const FIRST = ['Anouk', 'Björn', 'Chloé', 'Daan', 'Esra', 'Femke', 'Gijs', 'Hanna']
const LAST = ['Jansen', 'Öztürk', 'Nuñez', 'de Vries', "'t Hart", 'Bakker', 'Visser', 'Smit']

let made = 0

function person(affiliation) {
  const number = made++
  const [given, last] = [FIRST[number % 8], LAST[(number >> 3) % 8]]
  return {
    personId: randomUUID(),
    primaryCode: { codeType: affiliation === 'student' ? 'studentNumber' : 'employeeId', code: String(300000 + number) },
    givenName: given,
    surname: last,
    displayName: `${given} ${last}`,
    activeEnrollment: true,
    affiliations: [affiliation],
    mail: `p${number}@school.example.org`,
  }
}

function association(role, somebody, extra) {
  return {
    associationId: randomUUID(),
    associationType: 'componentOfferingAssociation',
    role,
    state: 'associated',
    person: somebody,
    ...(extra && { consumers: [{ consumerKey: 'nl-test-admin', additionalTimeInMin: 30, personalNeeds: ['extraTime'] }] }),
  }
}

function newOffering() {
  const number = made++
  return {
    offeringId: randomUUID(),
    primaryCode: { codeType: 'offeringCode', code: `WIS-${number}` },
    offeringType: 'component',
    name: [{ language: 'nl-NL', value: 'Wiskunde 2F' }],
    description: [{ language: 'nl-NL', value: 'Wiskunde 2F, tweede periode' }],
    teachingLanguage: 'nld',
    modeOfDelivery: ['situated'],
    resultExpected: true,
    startDateTime: '2027-04-12T09:00:00+02:00',
    endDateTime: '2027-04-12T11:00:00+02:00',
    consumers: [{ consumerKey: 'nl-test-admin', offeringState: 'active', duration: 'PT105M', locationCode: 'A1.07' }],
  }
}

/** The office of a system whose sessions these are. */
export function office(sessions) {
  const router = express.Router()
  const people = (id) => [...sessions.get(id).associations.values()]

  router.post('/sessions', (_request, response) => {
    const offering = newOffering()
    sessions.set(offering.offeringId, { offering, associations: new Map(), planned: true })
    response.json(offering)
  })

  // The last one that was planned here; with people=yes, the last one in which people take part.
  router.get('/sessions/latest', (request, response) => {
    const mine = [...sessions.values()].filter((each) => each.planned && (!request.query.people || each.associations.size))
    if (mine.length) response.json(mine.at(-1).offering)
    else response.sendStatus(404)
  })

  router.post('/sessions/:id/people', (request, response) => {
    const { associations } = sessions.get(request.params.id)
    const added = Array.from({ length: Number(request.query.students ?? 1) }, (_, index) =>
      association('student', person('student'), index === 0),
    )
    if (request.query.staff) {
      const teacher = person('employee')
      added.push(association('coordinator', teacher), association('invigilator', teacher))
    }
    for (const each of added) associations.set(each.associationId, each)
    if (request.accepts(['json', 'application/x-ndjson']) === 'json') response.json(people(request.params.id))
    else response.type('application/x-ndjson').send(added.map((each) => `${JSON.stringify(each)}\n`).join(''))
  })

  router.delete('/sessions/:id/people/first', (request, response) => {
    const { associations } = sessions.get(request.params.id)
    associations.delete(associations.keys().next().value)
    response.json(people(request.params.id))
  })

  router.delete('/sessions/:id', (request, response) => {
    sessions.delete(request.params.id)
    response.sendStatus(204)
  })

  // The invigilator fills in the report; what is answered is the message for the planning system.
  router.put('/sessions/:id/report', (request, response) => {
    const known = sessions.get(request.params.id.toLowerCase())
    if (!known) return response.sendStatus(404)
    const report = {
      irregularities: 'Om 9.40 uur ging het brandalarm af; twaalf minuten extra gegeven.',
      documents: [
        { documentId: randomUUID(), documentType: 'sessionReport', documentName: 'Procesverbaal.pdf' },
        { documentId: randomUUID(), documentType: 'attendanceReport', documentName: 'Presentielijst.pdf' },
      ],
    }
    const consumers = known.offering.consumers.map((each) =>
      each.consumerKey === 'nl-test-admin' ? { ...each, ...report } : each,
    )
    known.offering = { ...known.offering, consumers }
    return response.json({ offeringType: 'component', consumers: [{ consumerKey: 'nl-test-admin', ...report }] })
  })

  return router
}
