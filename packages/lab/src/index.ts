export {};
export { type Defect, DEFECTS, defectById } from './defects/defects.ts';
