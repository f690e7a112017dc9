// Which documents a stage leaves behind with --out.
import type { Stage } from '../core/stage.ts'
import type { DeliverableInput, Document } from '../deliverables/deliverable.ts'

/** The stage's documents, paths relative to --out. */
export const documentsFor = async (stage: Stage, input: DeliverableInput): Promise<Document[]> => {
  switch (stage) {
    case 'audit': {
      const [{ launchBlockers }, { flowPictures }] = await Promise.all([
        import('../deliverables/launch-blockers.ts'),
        import('../deliverables/flow-pictures.ts'),
      ])
      return [...launchBlockers(input), ...flowPictures(input)]
    }
    case 'dns': {
      const [{ dnsMap }, { redirects }, { cloudflareBaseline }] = await Promise.all([
        import('../deliverables/dns-map.ts'),
        import('../deliverables/redirects.ts'),
        import('../deliverables/cloudflare-baseline.ts'),
      ])
      const domain = input.target.domain ?? ''
      return [...dnsMap({ ...input, domain }), ...redirects(input), ...cloudflareBaseline({ ...input, domain })]
    }
    case 'email': {
      const [{ emailAuthentication }, { mailFlows }] = await Promise.all([
        import('../deliverables/email-authentication.ts'),
        import('../deliverables/mail-flows.ts'),
      ])
      return [...emailAuthentication(input), ...mailFlows(input)]
    }
    case 'deploy': {
      const [{ deploymentChecklist }, { environmentInventory }, { rollbackDocument }] = await Promise.all([
        import('../deliverables/deployment-checklist.ts'),
        import('../deliverables/env-inventory.ts'),
        import('../deliverables/rollback.ts'),
      ])
      return [...deploymentChecklist(input), ...environmentInventory(input), ...rollbackDocument(input)]
    }
    case 'perf': {
      const { performanceNotes } = await import('../deliverables/performance-notes.ts')
      return performanceNotes(input)
    }
    case 'monitor': {
      const { monitoringDocument } = await import('../deliverables/monitoring.ts')
      return monitoringDocument(input)
    }
    case 'handover': {
      const { handoverDocuments, paperInput } = await import('../deliverables/handover/paper.ts')
      const paper = paperInput({ ...input, ...input.cover })
      return paper ? handoverDocuments(paper, input.former ?? null) : []
    }
    default:
      return []
  }
}
