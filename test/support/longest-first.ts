import { BaseSequencer, type TestSequencerConstructor, type TestSpecification } from 'vitest/node'

/** The order of a fresh clone, where nothing is known of how long files take: those that wait the longest begin, the others fill what they leave. */
export const longestFirst = (isLong: RegExp): TestSequencerConstructor =>
  class extends BaseSequencer {
    override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      const sorted = await super.sort(files)
      const isFirst = ({ moduleId }: TestSpecification): boolean => isLong.test(moduleId)
      return [...sorted.filter(isFirst), ...sorted.filter(file => !isFirst(file))]
    }
  }
