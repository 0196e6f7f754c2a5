import { expect, test } from 'vitest';
import type { TestNode } from '../line/region-for-test.ts';
import { allergyAt, allSay, cut, twoHospitals, waitMs } from './hospitals-for-test.ts';

const limitMs = 480_000;
const base = '/api/continuity/conflicts';

/** The allergies of the summary. */
async function summaryOf(node: TestNode, patient: string): Promise<{ what: string; details: string }[]> {
  const { body } = await node.askAs('nurse', 'GET', `/api/summary/${patient}?_language=en`);
  return body.sections.find(({ key }: any) => key === 'allergies').lines;
}

test(
  'a change on both sides of a cut is one conflict: seen side by side by who treats, decided once, and then all nodes agree',
  async () => {
    const { region, siteA, lineA, patient } = await twoHospitals('conflicts', { sites: 1 });
    const allergy = await allergyAt(region, [siteA], patient);
    const path = `/fhir/AllergyIntolerance/${allergy.id}`;
    await cut(lineA, siteA);
    const graver = await siteA.askAs('nurse', 'PUT', path, { ...allergy, criticality: 'high' });
    expect(graver.status, graver.text).toBe(200);
    const noted = await region.askAs('hospitalDoctor', 'PUT', path, { ...allergy, note: [{ text: 'only a rash' }] });
    expect(noted.status, noted.text).toBe(200);
    expect((await siteA.askAs('nurse', 'GET', base)).body.conflicts).toEqual([]);
    lineA.restore();

    await expect.poll(async () => (await siteA.askAs('nurse', 'GET', base)).body.conflicts?.length, waitMs).toBe(1);
    const [line] = (await siteA.askAs('nurse', 'GET', base)).body.conflicts;
    expect(line).toMatchObject({
      type: 'AllergyIntolerance',
      resource: `AllergyIntolerance/${allergy.id}`,
      title: 'Penicillin',
      kind: 'fact',
      state: 'open',
      isOverdue: false,
      versions: 2,
      patient: { id: patient },
      owner: { kind: 'department' },
    });
    expect(Date.parse(line.deadline)).toBeGreaterThan(Date.now());
    expect(new Set(line.nodes)).toEqual(new Set(['region', 'site-a']));

    // Who wrote what is known on both sides, when each node has told.
    for (const node of [region, siteA]) {
      const shown = async (): Promise<any> => (await node.askAs('nurse', 'GET', `${base}/${line.id}`)).body;
      await expect
        .poll(async () => ((await shown()).sides ?? []).map((side: any) => side.author?.name), waitMs)
        .toEqual([expect.stringMatching(/./), expect.stringMatching(/Lindnes/)]);
      const { sides, elements, mayResolve, base: before } = await shown();
      expect(sides.map(({ node: wrote, isCurrent }: any) => [wrote, isCurrent])).toEqual([
        ['region', true],
        ['site-a', false],
      ]);
      expect(
        elements
          .filter((row: any) => row.isDifferent)
          .map((row: any) => row.element)
          .toSorted(),
      ).toEqual(['criticality', 'note']);
      const criticality = elements.find((row: any) => row.element === 'criticality');
      expect(criticality).toMatchObject({ values: ['low', 'high'], before: { value: 'low' } });
      expect([mayResolve, before]).toEqual([true, '1-region']);
    }
    const beside = await siteA.askAs('nurse', 'GET', `/api/continuity/patients/${patient}/beside`);
    expect(beside.body.kept, beside.text).toMatchObject([
      { id: line.id, versionId: '2-site-a', node: 'site-a', content: { criticality: 'high' } },
    ]);

    for (const node of [region, siteA]) {
      const told = await summaryOf(node, patient);
      expect(told.filter(({ what }) => what === 'Penicillin').map(({ details }) => details)).toEqual([
        expect.stringContaining('two versions, not decided'),
        expect.not.stringContaining('two versions'),
      ]);
    }
    const document = await siteA.askAs('nurse', 'GET', `/fhir/Patient/${patient}/$summary`);
    const entries = document.body.entry.filter(({ resource }: any) => resource.code?.text === 'Penicillin');
    expect(entries.map(({ resource }: any) => resource.criticality).toSorted()).toEqual(['high', 'low']);
    expect(new Set(document.body.entry.map(({ fullUrl }: any) => fullUrl)).size).toBe(document.body.entry.length);
    expect((await siteA.askAs('midwife', 'GET', `/api/continuity/patients/${patient}/beside`)).status).toBe(403);

    // Refusals first.
    const versions = ['2-region', '2-site-a'];
    const reason = 'Asked the patient';
    const decide = (as: string, body: object) => siteA.askAs(as, 'POST', `${base}/${line.id}/resolve`, body);
    expect((await siteA.askAs('operator', 'GET', base)).status).toBe(403);
    expect((await siteA.askAs('nurse', 'GET', `${base}?scope=all`)).status).toBe(403);
    expect((await siteA.askAs('oldManWithEverything', 'GET', base)).status).toBe(403);
    expect((await siteA.askAs('midwife', 'GET', `${base}/${line.id}`)).status).toBe(404);
    expect((await decide('midwife', { versions, choose: '2-site-a', reason })).status).toBe(404);
    expect((await decide('operator', { versions, choose: '2-site-a', reason })).status).toBe(403);
    expect((await decide('nurse', { versions: ['2-region'], choose: '2-region', reason })).status).toBe(409);
    expect((await decide('nurse', { versions, choose: '1-region', reason })).status).toBe(400);
    expect((await decide('nurse', { versions, reason })).status).toBe(400);
    const other = { ...allergy, id: 'another' };
    expect((await decide('nurse', { versions, resource: other, reason })).status).toBe(400);
    const stolen = { ...allergy, patient: { reference: 'Patient/somebody' } };
    expect((await decide('nurse', { versions, resource: stolen, reason })).status).toBe(422);
    const invalid = { ...allergy, criticality: 'terrible' };
    expect((await decide('nurse', { versions, resource: invalid, reason })).status).toBe(422);
    const outline = await siteA.askAs('operator', 'GET', `${base}?scope=all`);
    expect(outline.body.conflicts, outline.text).toHaveLength(1);
    expect(outline.text).not.toContain(patient);
    expect(outline.text).not.toContain(allergy.id);
    expect(outline.text).not.toContain('Penicillin');

    const taken = await siteA.askAs('nurse', 'POST', `${base}/${line.id}/take`, {});
    expect(taken.body, taken.text).toMatchObject({ owner: { kind: 'person' } });
    expect((await siteA.askAs('nurse', 'GET', `${base}?scope=mine`)).body.conflicts).toHaveLength(1);

    const edited = { ...allergy, criticality: 'high', note: [{ text: 'rash, and swollen lips' }] };
    const decided = await decide('nurse', { versions, resource: edited, reason });
    expect(decided.status, decided.text).toBe(200);
    expect((await decide('nurse', { versions, choose: '2-site-a', reason })).status).toBe(409);
    const settled = await allSay([region, siteA], `AllergyIntolerance/${allergy.id}`, (body) =>
      body.criticality === 'high' ? body : undefined,
    );
    expect(settled).toMatchObject({
      note: [{ text: 'rash, and swollen lips' }],
      meta: { versionId: decided.body.versionId },
    });
    await allSay([region, siteA], `Task/${line.id}`, (body) => (body.status === 'completed' ? body : undefined));
    for (const node of [region, siteA]) {
      expect((await node.askAs('nurse', 'GET', base)).body.conflicts).toEqual([]);
      const closed = await node.askAs('nurse', 'GET', `${base}/${line.id}`);
      expect(closed.body).toMatchObject({ state: 'closed', mayResolve: false, resolution: { reason } });
    }
    expect((await summaryOf(siteA, patient)).filter(({ what }) => what === 'Penicillin')).toHaveLength(1);
    const log = await siteA.askAs('oldManWithEverything', 'GET', '/api/log/mine?kind=write');
    expect(log.text).toContain('Lindnes');

    // Taken away on one side and changed on the other, it is not lost from sight.
    const again = await allergyAt(region, [siteA], patient, 'Latex');
    await cut(lineA, siteA);
    await siteA.askAs('nurse', 'PUT', `/fhir/AllergyIntolerance/${again.id}`, { ...again, criticality: 'high' });
    expect((await region.askAs('nurse', 'DELETE', `/fhir/AllergyIntolerance/${again.id}`)).status).toBe(204);
    lineA.restore();
    const listed = async (): Promise<any[]> => (await siteA.askAs('nurse', 'GET', base)).body.conflicts ?? [];
    await expect.poll(async () => (await listed()).length, waitMs).toBe(1);
    const [gone] = await listed();
    for (const node of [region, siteA]) {
      const { kept } = (await node.askAs('nurse', 'GET', `/api/continuity/patients/${patient}/beside`)).body;
      expect(kept).toMatchObject([{ isCurrentDeleted: true, content: { criticality: 'high' } }]);
      expect((await summaryOf(node, patient)).map(({ what }) => what)).toContain('Latex');
    }
    const sides = (await siteA.askAs('nurse', 'GET', `${base}/${gone.id}`)).body.sides;
    expect(sides.map(({ isDeletion }: any) => isDeletion)).toEqual([true, false]);
    const ids = sides.map(({ versionId }: any) => versionId);
    const removed = { versions: ids, choose: ids[0], reason: 'it was another patient' };
    const ended = await siteA.askAs('nurse', 'POST', `${base}/${gone.id}/resolve`, removed);
    expect(ended.status, ended.text).toBe(200);
    for (const node of [region, siteA]) {
      await expect
        .poll(async () => (await node.ask('GET', `AllergyIntolerance/${again.id}`)).status, waitMs)
        .toBeGreaterThan(400);
      await expect
        .poll(async () => (await summaryOf(node, patient)).map(({ what }) => what), waitMs)
        .not.toContain('Latex');
    }
  },
  limitMs,
);

test(
  'two who decide at once at two sites end with one version everywhere: what they both chose, or a conflict in front of a person',
  async () => {
    const { region, siteA, lineA, siteB, lineB, patient } = await twoHospitals('deciding');
    if (siteB === undefined || lineB === undefined) throw new Error('there are two');
    const nodes = [region, siteA, siteB];
    const openAt = async (node: (typeof nodes)[number]): Promise<any[]> =>
      (await node.ask('GET', `Task?patient=${patient}&code=reconcile-versions&status=requested,in-progress`)).body
        .entry ?? [];
    for (const [choices, isAgreed] of [
      [['2-site-a', '2-site-a'], true],
      [['2-site-a', '2-region'], false],
    ] as const) {
      const allergy = await allergyAt(region, [siteA, siteB], patient);
      const path = `/fhir/AllergyIntolerance/${allergy.id}`;
      await cut(lineA, siteA);
      await siteA.askAs('nurse', 'PUT', path, { ...allergy, criticality: 'high' });
      await region.askAs('nurse', 'PUT', path, { ...allergy, note: [{ text: 'only a rash' }] });
      lineA.restore();
      for (const node of nodes) await expect.poll(async () => (await openAt(node)).length, waitMs).toBe(1);
      const id: string = (await openAt(siteA))[0].resource.id;
      await cut(lineA, siteA);
      await cut(lineB, siteB);
      const versions = ['2-region', '2-site-a'];
      for (const [place, site] of [siteA, siteB].entries()) {
        const body = { versions, choose: choices[place], reason: `as seen at ${site.name}` };
        const decided = await site.askAs(
          place === 0 ? 'nurse' : 'hospitalDoctor',
          'POST',
          `${base}/${id}/resolve`,
          body,
        );
        expect(decided.status, decided.text).toBe(200);
      }
      lineA.restore();
      lineB.restore();
      await expect
        .poll(async () => {
          const all = await Promise.all(nodes.map((node) => node.ask('GET', `AllergyIntolerance/${allergy.id}`)));
          const open = await Promise.all(nodes.map(openAt));
          const ids = new Set(all.map(({ body }) => body.meta?.versionId));
          return [ids.size, [...ids][0].startsWith('2-'), open.map(({ length }) => length)];
        }, waitMs)
        .toEqual([1, false, isAgreed ? [0, 0, 0] : [1, 1, 1]]);
      if (isAgreed) continue;
      const [again] = await openAt(region);
      const shown = (await region.askAs('nurse', 'GET', `${base}/${again.resource.id}`)).body;
      expect(new Set(shown.sides.map((side: any) => side.node))).toEqual(new Set(['site-a', 'site-b']));
      const body = {
        versions: shown.sides.map((side: any) => side.versionId),
        choose: shown.sides[0].versionId,
        reason: 'x',
      };
      const ended = await region.askAs('nurse', 'POST', `${base}/${again.resource.id}/resolve`, body);
      expect(ended.status, ended.text).toBe(200);
      for (const node of nodes) await expect.poll(async () => (await openAt(node)).length, waitMs).toBe(0);
    }
  },
  limitMs,
);
