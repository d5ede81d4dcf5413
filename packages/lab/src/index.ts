export type { SeededWire } from './defects/defect.ts';
export { DEFECTS, type Defect, defectById } from './defects/defects.ts';
