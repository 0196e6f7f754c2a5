/** At the region, each alert gets a Task for whoever is to decide: so that it stands in somebody's work. */
import { parseJson } from '#fhir/json/index.ts';
import type { Committer } from '#fhir/record/committer.ts';
import { runSearch } from '#fhir/search/index.ts';
import type { Resource } from '#fhir/types.ts';
import { alertSystem } from './alert.ts';
import { askAbout, type DoublesDeps } from './doubles.ts';

export type FollowDoublesDeps = DoublesDeps & {
  committer: Pick<Committer, 'onWritten'>;
  report(event: string, error: unknown): void;
};

export type FollowingDoubles = { start(): void; stop(): Promise<void> };

export function followDoubles(deps: FollowDoublesDeps): FollowingDoubles {
  let working: Promise<void> = Promise.resolve();
  let isOn = false;
  const soon = (issues: readonly Resource[]): void => {
    working = working.then(async () => {
      for (const issue of issues) if (isOn) await askAbout(deps, issue);
    });
    working = working.catch((error: unknown) => deps.report('doubles', error));
  };
  deps.committer.onWritten(({ writes }) => {
    if (!isOn) return;
    const issues = writes.flatMap(({ type, content }) =>
      type === 'DetectedIssue' && content?.includes(alertSystem) ? [parseJson(content) as Resource] : [],
    );
    if (issues.length > 0) soon(issues);
  });
  return {
    start() {
      isOn = true;
      // What came while the node was down.
      working = readAlerts(deps).then(
        (issues) => soon(issues),
        (error: unknown) => deps.report('doubles', error),
      );
    },
    async stop() {
      isOn = false;
      await working;
    },
  };
}

async function readAlerts({ context }: DoublesDeps): Promise<Resource[]> {
  const query = context.search.parse('DetectedIssue', [
    ['identifier', `${alertSystem}|`],
    ['_sort', '-_lastUpdated'],
    ['_count', '500'],
    ['_total', 'none'],
  ]);
  const { rows } = await runSearch({ ...context, grant: context.grants.background('doubles') }, query);
  return rows.map(({ content }) => parseJson(content.toString()) as Resource);
}
