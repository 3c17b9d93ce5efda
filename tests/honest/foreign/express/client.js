// Sends what this system sends, with Node's fetch: flow 2 as Toetsplanning, the report of flow 4.1 as Toetsafname.
//
//   OFFICE=http://127.0.0.1:8000/office node client.js STEP SESSION URL     (STEP is 2.1 … 2.5, 4.1, 4.2 or all)
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

const TRIES = 6

function waitFor(answer, attempt) {
  const told = answer?.headers.get('retry-after')
  if (!told) return 500 * 2 ** attempt
  return /^\d+$/.test(told) ? Number(told) * 1000 : Math.max(0, Date.parse(told) - Date.now())
}

/** Sends a message, and again when the other side fails or asks to wait. */
async function send(method, url, message) {
  for (let attempt = 0; ; attempt++) {
    let answer
    try {
      answer = await fetch(url, {
        method,
        headers: message === undefined ? {} : { 'Content-Type': 'application/json' },
        body: message === undefined ? undefined : JSON.stringify(message),
        signal: AbortSignal.timeout(30_000),
      })
      if (answer.ok) return answer
      await answer.text()
    } catch (error) {
      if (attempt + 1 === TRIES) throw error
    }
    const again = !answer || answer.status >= 500 || answer.status === 429
    if (!again || attempt + 1 === TRIES) throw new Error(`${method} ${url}: ${answer?.status}`)
    await pause(waitFor(answer, attempt))
  }
}

/** Performs a step against the other system at `url`. */
export async function perform(step, session, url, office) {
  const fromOffice = async (method, path) => (await send(method, `${office}${path}`)).json()
  const latest = async (query = '') => session || (await fromOffice('GET', `/sessions/latest${query}`)).offeringId
  const steps = {
    async 2.1() {
      const offering = await fromOffice('POST', '/sessions')
      await send('PUT', `${url}/offerings`, offering)
      return offering.offeringId
    },
    async 2.2() {
      const id = await steps['2.1']()
      const people = await fromOffice('POST', `/sessions/${id}/people?students=4&staff=yes`)
      await send('PUT', `${url}/offerings/${id}/associations`, people)
    },
    async 2.3() {
      const id = await latest('?people=yes')
      const people = await fromOffice('POST', `/sessions/${id}/people?students=2`)
      await send('PUT', `${url}/offerings/${id}/associations`, people)
    },
    async 2.4() {
      const id = await latest('?people=yes')
      const people = await fromOffice('DELETE', `/sessions/${id}/people/first`)
      await send('PUT', `${url}/offerings/${id}/associations`, people)
    },
    async 2.5() {
      const id = await latest()
      await send('DELETE', `${url}/offerings/${id}`)
      await send('DELETE', `${office}/sessions/${id}`)
    },
    async 4.1() {
      const report = await fromOffice('PUT', `/sessions/${session}/report`)
      await send('PATCH', `${url}/offerings/${session}`, report)
    },
    async 4.2() {
      await (await send('GET', `${url}/offerings/${await latest()}`)).json()
    },
  }
  for (const each of step === 'all' ? ['2.1', '2.2', '2.3', '2.4', '4.2', '2.5'] : [step]) {
    if (!steps[each]) throw new Error(`There is no step ${each}.`)
    await steps[each]()
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [step, session, url] = process.argv.slice(2)
  await perform(step, session, url, process.env.OFFICE)
}
