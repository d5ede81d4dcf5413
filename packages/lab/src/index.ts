export { DEFECTS, type Defect, defectById } from './defects/defects.ts';
