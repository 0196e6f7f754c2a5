/** The door of drills. */
export { createAbsences, type Absences } from './absences.ts';
export { createDrillReader, createDrills, type DrillLine, type Drills } from './drills.ts';
export { addDrill, findDrill, findOpenDrill, listDrills, putDrill } from './drill-store.ts';
export { reportHtml, type DrillReport } from './report.ts';
export { registerDrillRoutes } from './routes.ts';
export { ask, over, refused, type Drill } from './rules.ts';
export { scenarioNames, type ScenarioName } from './scenarios.ts';
