// Pictures of the pages where flows failed in a browser.
import { flowPicture } from '../formats/html/flow-form.ts'
import { type Deliverable, factsOf } from './deliverable.ts'

/** `evidence/flow-<name>.jpg` for each flow that failed and was seen. */
export const flowPictures: Deliverable = ({ facts }) =>
  factsOf(facts, 'flowRun').flatMap(({ subject, fact }) =>
    fact.ok && fact.value.screenshot
      ? [{ path: flowPicture(subject), content: fact.value.screenshot, encoding: 'base64' as const }]
      : [],
  )
