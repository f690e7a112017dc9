// Contrast of colours, by the examples of WCAG; and the colours of the config.
import { describe, expect, it } from 'vitest'
import { configSchema } from '../../../src/config/schema.ts'
import { contrast, inkOn, isColor, readable } from '../../../src/formats/html/contrast.ts'

describe('contrast', () => {
  it.each([
    ['#000000', '#ffffff', 21],
    ['#fff', '#ffffff', 1],
    ['#767676', '#ffffff', 4.54],
    ['#777777', '#ffffff', 4.48],
    ['#0000ff', '#fff', 8.59],
  ])('of %s and %s is %f', (one, other, expected) => {
    expect(contrast(one, other)).toBeCloseTo(expected, 2)
    expect(contrast(other, one)).toBeCloseTo(expected, 2)
  })

  it('finds ink for every ground and a shade for every colour', () => {
    const steps = [0, 51, 102, 119, 153, 204, 255].map(part => part.toString(16).padStart(2, '0'))
    for (const r of steps)
      for (const g of steps)
        for (const b of steps) {
          const color = `#${r}${g}${b}`
          expect(contrast(inkOn(color), color)).toBeGreaterThanOrEqual(4.5)
          for (const ground of ['#eef1f5', '#222a34'])
            expect(contrast(readable(color, ground), ground)).toBeGreaterThanOrEqual(4.5)
        }
  })

  it('knows a colour when it sees one', () => {
    expect(['#abc', '#A1b2C3'].every(isColor)).toBe(true)
    expect(['red', '#12', '#12345g', '#1234', 'rgb(0,0,0)', ''].some(isColor)).toBe(false)
  })
})

describe('colours in the config', () => {
  const faults = (report: unknown): string[] => {
    const read = configSchema.safeParse({ domain: 'coachdash.example', report })
    return read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  }

  it('are refused where nobody could read them, with a shade that can be read', () => {
    const [fault] = faults({ colors: { accent: '#f2d15c' } })
    expect(fault).toMatch(/^report\.colors\.accent: .*contrast of 1\.\d, and 4\.5 is the least/)
    const shade = /(#[0-9a-f]{6}) is the nearest/.exec(fault!)![1]!
    expect(faults({ colors: { accent: shade } })).toEqual([])
  })

  it('may be any on the cover, whose words are black or white', () => {
    expect(faults({ colors: { cover: '#f2d15c' } })).toEqual([])
    expect(faults({ colors: { cover: 'yellow' } })).toEqual([
      'report.colors.cover: a colour such as #14532d is expected',
    ])
    expect(faults({ colors: { accent: 'red' } })).toHaveLength(1)
  })
})
