// The config's section `report`: who hands the report to whom, and how it looks.
import { z } from 'zod'
import { contrast, isColor, readable } from '../../formats/html/contrast.ts'
import { filePath } from '../values.ts'

/** The darkest ground on which a link or a heading of the report stands. */
const ground = '#eef1f5'

const color = z.string().refine(isColor, { error: 'a colour such as #14532d is expected' })

const accent = color.superRefine((value, context) => {
  if (!isColor(value)) return
  const reached = contrast(value, ground)
  if (reached < 4.5)
    context.addIssue({
      code: 'custom',
      message: `headings and links in this colour have a contrast of ${reached.toFixed(1)}, and 4.5 is the least that people can read; ${readable(value, ground)} is the nearest shade that does`,
    })
})

export const reportSection = z
  .strictObject({
    client: z.string().max(300).optional().meta({ description: 'For whom: on the cover' }),
    consultant: z.string().max(300).optional().meta({ description: 'By whom: on the cover' }),
    logo: filePath
      .optional()
      .meta({ description: 'PNG, JPEG, SVG, WebP or GIF file beside the config, at most 150 kB' }),
    colors: z
      .strictObject({
        accent: accent.optional().meta({ description: 'Headings and links, as #rrggbb; its contrast is checked' }),
        cover: color.optional().meta({ description: 'Ground of the cover, as #rrggbb; its words are black or white' }),
      })
      .optional(),
    closing: z
      .string()
      .max(4_000)
      .optional()
      .meta({ description: 'Your words at the end; an empty line begins a paragraph. Nothing in it is markup' }),
    paper: z.enum(['A4', 'Letter']).optional().meta({ description: 'Paper of the PDF; A4 when absent' }),
  })
  .meta({ description: 'Cover, colours and closing words of the HTML and PDF report' })
