/** Common medicines: ATC code, substance as Norway writes it, form, strength, the usual dose, and by which way it is taken. */
import assert from 'node:assert';
import { codeSystems, concept, type Concept } from './codes.ts';

export type RouteName =
  | 'oral'
  | 'inhaled'
  | 'subcutaneous'
  | 'intramuscular'
  | 'intravenous'
  | 'eye'
  | 'nasal'
  | 'skin';

export type Medicine = {
  key: string;
  atc: string;
  substance: string;
  form: string;
  strength: string;
  route: RouteName;
  /** Amount for each dose, in `unit`. */
  amount: number;
  unit: string;
  /** Doses a period. */
  times: number;
  period: 'd' | 'wk' | 'mo';
  /** Periods between, e.g. 1 for each day. */
  every: number;
  asNeeded: boolean;
};

/** key, atc, substance, form, strength, amount, unit, "times/period" with ! for as needed; the route is by form unless given. */
type Row = readonly [string, string, string, string, string, number, string, string, RouteName?];

const rows: readonly Row[] = [
  ['omeprazole', 'A02BC01', 'omeprazol', 'enterokapsel', '20 mg', 1, 'kapsel', '1/d'],
  ['pantoprazole', 'A02BC02', 'pantoprazol', 'enterotablett', '40 mg', 1, 'tablett', '1/d'],
  ['esomeprazole', 'A02BC05', 'esomeprazol', 'enterotablett', '20 mg', 1, 'tablett', '1/d'],
  ['metoclopramide', 'A03FA01', 'metoklopramid', 'tablett', '10 mg', 1, 'tablett', '3/d!'],
  ['ondansetron', 'A04AA01', 'ondansetron', 'tablett', '4 mg', 1, 'tablett', '2/d!'],
  ['bisacodyl', 'A06AB02', 'bisakodyl', 'enterotablett', '5 mg', 1, 'tablett', '1/d!'],
  ['lactulose', 'A06AD11', 'laktulose', 'mikstur', '670 mg/ml', 15, 'ml', '2/d'],
  ['macrogol', 'A06AD65', 'makrogol, kombinasjoner', 'pulver til mikstur', '13,8 g', 1, 'dosepose', '1/d'],
  ['mesalazine', 'A07EC02', 'mesalazin', 'depottablett', '1 g', 2, 'tablett', '1/d'],
  ['insulin-aspart', 'A10AB05', 'insulin aspart', 'injeksjonsvæske', '100 E/ml', 8, 'E', '3/d', 'subcutaneous'],
  ['insulin-glargine', 'A10AE04', 'insulin glargin', 'injeksjonsvæske', '100 E/ml', 22, 'E', '1/d', 'subcutaneous'],
  ['insulin-degludec', 'A10AE06', 'insulin degludec', 'injeksjonsvæske', '100 E/ml', 18, 'E', '1/d', 'subcutaneous'],
  ['metformin', 'A10BA02', 'metformin', 'tablett', '500 mg', 2, 'tablett', '2/d'],
  [
    'triple-inhaler',
    'R03AL09',
    'formoterol, glykopyrronium og beklometason',
    'inhalasjonsaerosol',
    '5/9/87 mikrog',
    2,
    'dose',
    '2/d',
    'inhaled',
  ],
  ['rivaroxaban-low', 'B01AF01', 'rivaroksaban', 'tablett', '15 mg', 1, 'tablett', '1/d'],
  ['edoxaban-low', 'B01AF03', 'edoksaban', 'tablett', '30 mg', 1, 'tablett', '1/d'],
  ['apixaban-low', 'B01AF02', 'apiksaban', 'tablett', '2,5 mg', 1, 'tablett', '2/d'],
  ['sitagliptin-low', 'A10BH01', 'sitagliptin', 'tablett', '50 mg', 1, 'tablett', '1/d'],
  ['fluticasone-child', 'R03BA05', 'flutikason', 'inhalasjonsaerosol', '50 mikrog/dose', 2, 'dose', '2/d', 'inhaled'],
  ['prednisolone-taper', 'H02AB06', 'prednisolon', 'tablett', '5 mg', 3, 'tablett', '1/d'],
  ['metformin-low', 'A10BA02', 'metformin', 'tablett', '500 mg', 1, 'tablett', '2/d'],
  ['glimepiride', 'A10BB12', 'glimepirid', 'tablett', '2 mg', 1, 'tablett', '1/d'],
  ['sitagliptin', 'A10BH01', 'sitagliptin', 'tablett', '100 mg', 1, 'tablett', '1/d'],
  ['liraglutide', 'A10BJ02', 'liraglutid', 'injeksjonsvæske', '6 mg/ml', 1.2, 'mg', '1/d', 'subcutaneous'],
  ['semaglutide', 'A10BJ06', 'semaglutid', 'injeksjonsvæske', '1 mg', 1, 'mg', '1/wk', 'subcutaneous'],
  ['dapagliflozin', 'A10BK01', 'dapagliflozin', 'tablett', '10 mg', 1, 'tablett', '1/d'],
  ['empagliflozin', 'A10BK03', 'empagliflozin', 'tablett', '10 mg', 1, 'tablett', '1/d'],
  [
    'calcium-vitamin-d',
    'A12AX',
    'kalsium, kombinasjoner med vitamin D',
    'tyggetablett',
    '500 mg/800 IE',
    1,
    'tablett',
    '1/d',
  ],
  ['warfarin', 'B01AA03', 'warfarin', 'tablett', '2,5 mg', 2, 'tablett', '1/d'],
  ['ticagrelor', 'B01AC24', 'tikagrelor', 'tablett', '90 mg', 1, 'tablett', '2/d'],
  ['clopidogrel', 'B01AC04', 'klopidogrel', 'tablett', '75 mg', 1, 'tablett', '1/d'],
  ['acetylsalicylic-acid', 'B01AC06', 'acetylsalisylsyre', 'enterotablett', '75 mg', 1, 'tablett', '1/d'],
  ['furosemide-intravenous', 'C03CA01', 'furosemid', 'injeksjonsvæske', '10 mg/ml', 40, 'mg', '2/d', 'intravenous'],
  [
    'ipratropium-salbutamol',
    'R03AL02',
    'salbutamol og ipratropiumbromid',
    'inhalasjonsvæske til nebulisator',
    '2,5 ml',
    1,
    'dose',
    '4/d',
    'inhaled',
  ],
  [
    'piperacillin-tazobactam',
    'J01CR05',
    'piperacillin og tazobaktam',
    'pulver til infusjonsvæske',
    '4 g/0,5 g',
    4,
    'g',
    '3/d',
    'intravenous',
  ],
  ['prednisolone-child', 'H02AB06', 'prednisolon', 'mikstur', '5 mg/ml', 4, 'ml', '1/d'],
  ['memantine-start', 'N06DX01', 'memantin', 'tablett', '10 mg', 1, 'tablett', '1/d'],
  ['docetaxel', 'L01CD02', 'docetaksel', 'infusjonsvæske', '20 mg/ml', 140, 'mg', '1/3wk', 'intravenous'],
  ['pembrolizumab', 'L01FF02', 'pembrolizumab', 'infusjonsvæske', '25 mg/ml', 200, 'mg', '1/3wk', 'intravenous'],
  ['capecitabine', 'L01BC06', 'kapecitabin', 'tablett', '500 mg', 3, 'tablett', '2/d'],
  ['morphine-needed', 'N02AA01', 'morfin', 'injeksjonsvæske', '10 mg/ml', 5, 'mg', '4/d!', 'subcutaneous'],
  ['midazolam', 'N05CD08', 'midazolam', 'injeksjonsvæske', '5 mg/ml', 2.5, 'mg', '4/d!', 'subcutaneous'],
  ['haloperidol', 'N05AD01', 'haloperidol', 'injeksjonsvæske', '5 mg/ml', 1, 'mg', '3/d!', 'subcutaneous'],
  ['edoxaban', 'B01AF03', 'edoksaban', 'tablett', '60 mg', 1, 'tablett', '1/d'],
  ['enoxaparin', 'B01AB05', 'enoksaparin', 'injeksjonsvæske', '40 mg', 40, 'mg', '1/d', 'subcutaneous'],
  ['rivaroxaban', 'B01AF01', 'rivaroksaban', 'tablett', '20 mg', 1, 'tablett', '1/d'],
  ['apixaban', 'B01AF02', 'apiksaban', 'tablett', '5 mg', 1, 'tablett', '2/d'],
  ['iron', 'B03AA07', 'jern(ii)sulfat', 'depottablett', '100 mg', 1, 'tablett', '1/d'],
  ['hydroxocobalamin', 'B03BA03', 'hydroksokobalamin', 'injeksjonsvæske', '1 mg/ml', 1, 'mg', '1/3mo', 'intramuscular'],
  ['folic-acid', 'B03BB01', 'folsyre', 'tablett', '1 mg', 1, 'tablett', '1/d'],
  ['digoxin', 'C01AA05', 'digoksin', 'tablett', '250 mikrog', 1, 'tablett', '1/d'],
  ['amiodarone', 'C01BD01', 'amiodaron', 'tablett', '200 mg', 1, 'tablett', '1/d'],
  ['adrenaline-pen', 'C01CA24', 'adrenalin', 'injeksjonsvæske', '0,3 mg i penn', 1, 'penn', '1/d!', 'intramuscular'],
  [
    'adrenaline-pen-child',
    'C01CA24',
    'adrenalin',
    'injeksjonsvæske',
    '0,15 mg i penn',
    1,
    'penn',
    '1/d!',
    'intramuscular',
  ],
  ['nitroglycerin', 'C01DA02', 'glyseryltrinitrat', 'munnspray', '0,4 mg/dose', 1, 'dose', '1/d!'],
  ['isosorbide', 'C01DA14', 'isosorbidmononitrat', 'depottablett', '60 mg', 1, 'tablett', '1/d'],
  ['hydrochlorothiazide', 'C03AA03', 'hydroklortiazid', 'tablett', '12,5 mg', 1, 'tablett', '1/d'],
  ['furosemide', 'C03CA01', 'furosemid', 'tablett', '40 mg', 1, 'tablett', '1/d'],
  ['spironolactone', 'C03DA01', 'spironolakton', 'tablett', '25 mg', 1, 'tablett', '1/d'],
  ['metoprolol', 'C07AB02', 'metoprolol', 'depottablett', '50 mg', 1, 'tablett', '1/d'],
  ['bisoprolol', 'C07AB07', 'bisoprolol', 'tablett', '5 mg', 1, 'tablett', '1/d'],
  ['amlodipine', 'C08CA01', 'amlodipin', 'tablett', '5 mg', 1, 'tablett', '1/d'],
  ['enalapril', 'C09AA02', 'enalapril', 'tablett', '10 mg', 1, 'tablett', '1/d'],
  ['ramipril', 'C09AA05', 'ramipril', 'tablett', '5 mg', 1, 'tablett', '1/d'],
  ['losartan', 'C09CA01', 'losartan', 'tablett', '50 mg', 1, 'tablett', '1/d'],
  ['candesartan', 'C09CA06', 'kandesartan', 'tablett', '8 mg', 1, 'tablett', '1/d'],
  ['sacubitril-valsartan', 'C09DX04', 'valsartan og sakubitril', 'tablett', '49 mg/51 mg', 1, 'tablett', '2/d'],
  ['simvastatin', 'C10AA01', 'simvastatin', 'tablett', '40 mg', 1, 'tablett', '1/d'],
  ['atorvastatin', 'C10AA05', 'atorvastatin', 'tablett', '40 mg', 1, 'tablett', '1/d'],
  ['rosuvastatin', 'C10AA07', 'rosuvastatin', 'tablett', '20 mg', 1, 'tablett', '1/d'],
  ['ezetimibe', 'C10AX09', 'ezetimib', 'tablett', '10 mg', 1, 'tablett', '1/d'],
  ['penicillin-mixture', 'J01CE02', 'fenoksymetylpenicillin', 'mikstur', '50 mg/ml', 5, 'ml', '4/d'],
  ['amoxicillin-mixture', 'J01CA04', 'amoksicillin', 'mikstur', '50 mg/ml', 4, 'ml', '3/d'],
  ['paracetamol-mixture', 'N02BE01', 'paracetamol', 'mikstur', '24 mg/ml', 8, 'ml', '3/d!'],
  ['ibuprofen-mixture', 'M01AE01', 'ibuprofen', 'mikstur', '20 mg/ml', 7, 'ml', '3/d!'],
  ['penicillin-school', 'J01CE02', 'fenoksymetylpenicillin', 'mikstur', '50 mg/ml', 10, 'ml', '4/d'],
  ['amoxicillin-school', 'J01CA04', 'amoksicillin', 'mikstur', '50 mg/ml', 8, 'ml', '3/d'],
  ['paracetamol-school', 'N02BE01', 'paracetamol', 'mikstur', '24 mg/ml', 18, 'ml', '3/d!'],
  ['ibuprofen-school', 'M01AE01', 'ibuprofen', 'mikstur', '20 mg/ml', 12, 'ml', '3/d!'],
  ['desloratadine-mixture', 'R06AX27', 'desloratadin', 'mikstur', '0,5 mg/ml', 2.5, 'ml', '1/d!'],
  ['trimethoprim-mixture', 'J01EA01', 'trimetoprim', 'mikstur', '10 mg/ml', 5, 'ml', '2/d'],
  ['iron-mixture', 'B03AA02', 'jern(ii)fumarat', 'mikstur', '9 mg/ml', 5, 'ml', '1/d'],
  ['lactulose-child', 'A06AD11', 'laktulose', 'mikstur', '670 mg/ml', 5, 'ml', '1/d'],
  [
    'calcipotriol',
    'D05AX52',
    'kalsipotriol, kombinasjoner',
    'salve',
    '50 mikrog/0,5 mg/g',
    1,
    'påføring',
    '1/d',
    'skin',
  ],
  ['betamethasone', 'D07AC01', 'betametason', 'krem', '0,1 %', 1, 'påføring', '1/d', 'skin'],
  ['benzoyl-peroxide', 'D10AE01', 'benzoylperoksid', 'gel', '5 %', 1, 'påføring', '1/d', 'skin'],
  [
    'combined-pill',
    'G03AA07',
    'levonorgestrel og etinyløstradiol',
    'tablett',
    '150 mikrog/30 mikrog',
    1,
    'tablett',
    '1/d',
  ],
  ['desogestrel', 'G03AC09', 'desogestrel', 'tablett', '75 mikrog', 1, 'tablett', '1/d'],
  ['estradiol', 'G03CA03', 'østradiol', 'depotplaster', '50 mikrog/24 timer', 1, 'plaster', '2/wk', 'skin'],
  ['mirabegron', 'G04BD12', 'mirabegron', 'depottablett', '50 mg', 1, 'tablett', '1/d'],
  ['tamsulosin', 'G04CA02', 'tamsulosin', 'depotkapsel', '0,4 mg', 1, 'kapsel', '1/d'],
  ['finasteride', 'G04CB01', 'finasterid', 'tablett', '5 mg', 1, 'tablett', '1/d'],
  ['prednisolone', 'H02AB06', 'prednisolon', 'tablett', '5 mg', 1, 'tablett', '1/d'],
  ['prednisolone-course', 'H02AB06', 'prednisolon', 'tablett', '20 mg', 2, 'tablett', '1/d'],
  ['levothyroxine', 'H03AA01', 'levotyroksinnatrium', 'tablett', '100 mikrog', 1, 'tablett', '1/d'],
  ['doxycycline', 'J01AA02', 'doksysyklin', 'tablett', '100 mg', 1, 'tablett', '1/d'],
  ['amoxicillin', 'J01CA04', 'amoksicillin', 'kapsel', '500 mg', 1, 'kapsel', '3/d'],
  ['pivmecillinam', 'J01CA08', 'pivmecillinam', 'tablett', '200 mg', 1, 'tablett', '3/d'],
  [
    'benzylpenicillin',
    'J01CE01',
    'benzylpenicillin',
    'pulver til injeksjonsvæske',
    '1,2 g',
    1.2,
    'g',
    '4/d',
    'intravenous',
  ],
  ['penicillin', 'J01CE02', 'fenoksymetylpenicillin', 'tablett', '650 mg', 1, 'tablett', '4/d'],
  ['dicloxacillin', 'J01CF01', 'dikloksacillin', 'kapsel', '500 mg', 1, 'kapsel', '4/d'],
  ['cefotaxime', 'J01DD01', 'cefotaksim', 'pulver til injeksjonsvæske', '1 g', 1, 'g', '3/d', 'intravenous'],
  ['trimethoprim', 'J01EA01', 'trimetoprim', 'tablett', '160 mg', 1, 'tablett', '2/d'],
  ['erythromycin', 'J01FA01', 'erytromycin', 'enterokapsel', '250 mg', 2, 'kapsel', '2/d'],
  ['gentamicin', 'J01GB03', 'gentamicin', 'injeksjonsvæske', '80 mg/ml', 320, 'mg', '1/d', 'intravenous'],
  ['ciprofloxacin', 'J01MA02', 'ciprofloksacin', 'tablett', '500 mg', 1, 'tablett', '2/d'],
  ['nitrofurantoin', 'J01XE01', 'nitrofurantoin', 'tablett', '50 mg', 1, 'tablett', '3/d'],
  ['valaciclovir', 'J05AB11', 'valaciklovir', 'tablett', '500 mg', 2, 'tablett', '3/d'],
  ['fluorouracil', 'L01BC02', 'fluorouracil', 'infusjonsvæske', '50 mg/ml', 700, 'mg', '1/2wk', 'intravenous'],
  ['paclitaxel', 'L01CD01', 'paklitaksel', 'infusjonsvæske', '6 mg/ml', 140, 'mg', '1/wk', 'intravenous'],
  ['carboplatin', 'L01XA02', 'karboplatin', 'infusjonsvæske', '10 mg/ml', 450, 'mg', '1/3wk', 'intravenous'],
  ['goserelin', 'L02AE03', 'goserelin', 'implantat', '10,8 mg', 10.8, 'mg', '1/3mo', 'subcutaneous'],
  ['tamoxifen', 'L02BA01', 'tamoksifen', 'tablett', '20 mg', 1, 'tablett', '1/d'],
  ['anastrozole', 'L02BG03', 'anastrozol', 'tablett', '1 mg', 1, 'tablett', '1/d'],
  ['infliximab', 'L04AB02', 'infliksimab', 'infusjonsvæske', '100 mg', 400, 'mg', '1/8wk', 'intravenous'],
  ['adalimumab', 'L04AB04', 'adalimumab', 'injeksjonsvæske', '40 mg', 40, 'mg', '1/2wk', 'subcutaneous'],
  ['methotrexate', 'L04AX03', 'metotreksat', 'tablett', '2,5 mg', 6, 'tablett', '1/wk'],
  ['diclofenac', 'M01AB05', 'diklofenak', 'enterotablett', '50 mg', 1, 'tablett', '2/d!'],
  ['ibuprofen', 'M01AE01', 'ibuprofen', 'tablett', '400 mg', 1, 'tablett', '3/d!'],
  ['naproxen', 'M01AE02', 'naproksen', 'tablett', '500 mg', 1, 'tablett', '2/d!'],
  ['baclofen', 'M03BX01', 'baklofen', 'tablett', '10 mg', 1, 'tablett', '3/d'],
  ['allopurinol', 'M04AA01', 'allopurinol', 'tablett', '100 mg', 1, 'tablett', '1/d'],
  ['alendronate', 'M05BA04', 'alendronsyre', 'tablett', '70 mg', 1, 'tablett', '1/wk'],
  ['morphine', 'N02AA01', 'morfin', 'depottablett', '10 mg', 1, 'tablett', '2/d'],
  ['oxycodone', 'N02AA05', 'oksykodon', 'tablett', '5 mg', 1, 'tablett', '3/d!'],
  ['codeine-paracetamol', 'N02AJ06', 'kodein og paracetamol', 'tablett', '30 mg/400 mg', 1, 'tablett', '3/d!'],
  ['tramadol', 'N02AX02', 'tramadol', 'kapsel', '50 mg', 1, 'kapsel', '3/d!'],
  ['paracetamol', 'N02BE01', 'paracetamol', 'tablett', '500 mg', 2, 'tablett', '3/d!'],
  ['sumatriptan', 'N02CC01', 'sumatriptan', 'tablett', '50 mg', 1, 'tablett', '1/d!'],
  ['carbamazepine', 'N03AF01', 'karbamazepin', 'depottablett', '200 mg', 1, 'tablett', '2/d'],
  ['valproate', 'N03AG01', 'valproinsyre', 'depottablett', '500 mg', 1, 'tablett', '2/d'],
  ['lamotrigine', 'N03AX09', 'lamotrigin', 'tablett', '100 mg', 1, 'tablett', '2/d'],
  ['levetiracetam', 'N03AX14', 'levetiracetam', 'tablett', '500 mg', 1, 'tablett', '2/d'],
  ['levodopa', 'N04BA02', 'levodopa og dekarboksylasehemmer', 'tablett', '100 mg/25 mg', 1, 'tablett', '4/d'],
  ['olanzapine', 'N05AH03', 'olanzapin', 'tablett', '10 mg', 1, 'tablett', '1/d'],
  ['quetiapine', 'N05AH04', 'kvetiapin', 'tablett', '100 mg', 1, 'tablett', '1/d'],
  ['lithium', 'N05AN01', 'litium', 'depottablett', '42 mg', 2, 'tablett', '1/d'],
  ['oxazepam', 'N05BA04', 'oksazepam', 'tablett', '10 mg', 1, 'tablett', '1/d!'],
  ['zopiclone', 'N05CF01', 'zopiklon', 'tablett', '5 mg', 1, 'tablett', '1/d!'],
  ['melatonin', 'N05CH01', 'melatonin', 'depottablett', '2 mg', 1, 'tablett', '1/d'],
  ['citalopram', 'N06AB04', 'citalopram', 'tablett', '20 mg', 1, 'tablett', '1/d'],
  ['sertraline', 'N06AB06', 'sertralin', 'tablett', '50 mg', 1, 'tablett', '1/d'],
  ['escitalopram', 'N06AB10', 'escitalopram', 'tablett', '10 mg', 1, 'tablett', '1/d'],
  ['mirtazapine', 'N06AX11', 'mirtazapin', 'tablett', '15 mg', 1, 'tablett', '1/d'],
  ['venlafaxine', 'N06AX16', 'venlafaksin', 'depotkapsel', '75 mg', 1, 'kapsel', '1/d'],
  ['methylphenidate', 'N06BA04', 'metylfenidat', 'depottablett', '36 mg', 1, 'tablett', '1/d'],
  ['donepezil', 'N06DA02', 'donepezil', 'tablett', '10 mg', 1, 'tablett', '1/d'],
  ['memantine', 'N06DX01', 'memantin', 'tablett', '20 mg', 1, 'tablett', '1/d'],
  ['xylometazoline', 'R01AA07', 'xylometazolin', 'nesespray', '1 mg/ml', 1, 'dose', '3/d!', 'nasal'],
  ['mometasone-nasal', 'R01AD09', 'mometason', 'nesespray', '50 mikrog/dose', 2, 'dose', '1/d', 'nasal'],
  ['salbutamol', 'R03AC02', 'salbutamol', 'inhalasjonsaerosol', '0,1 mg/dose', 2, 'dose', '4/d!', 'inhaled'],
  [
    'salmeterol-fluticasone',
    'R03AK06',
    'salmeterol og flutikason',
    'inhalasjonspulver',
    '50 mikrog/250 mikrog',
    1,
    'dose',
    '2/d',
    'inhaled',
  ],
  [
    'formoterol-budesonide',
    'R03AK07',
    'formoterol og budesonid',
    'inhalasjonspulver',
    '9 mikrog/320 mikrog',
    1,
    'dose',
    '2/d',
    'inhaled',
  ],
  [
    'umeclidinium-vilanterol',
    'R03AL03',
    'vilanterol og umeklidiniumbromid',
    'inhalasjonspulver',
    '55 mikrog/22 mikrog',
    1,
    'dose',
    '1/d',
    'inhaled',
  ],
  ['budesonide', 'R03BA02', 'budesonid', 'inhalasjonspulver', '200 mikrog', 1, 'dose', '2/d', 'inhaled'],
  ['tiotropium', 'R03BB04', 'tiotropiumbromid', 'inhalasjonsvæske', '2,5 mikrog', 2, 'dose', '1/d', 'inhaled'],
  ['cetirizine', 'R06AE07', 'cetirizin', 'tablett', '10 mg', 1, 'tablett', '1/d!'],
  ['desloratadine', 'R06AX27', 'desloratadin', 'tablett', '5 mg', 1, 'tablett', '1/d!'],
  ['chloramphenicol', 'S01AA01', 'kloramfenikol', 'øyesalve', '1 %', 1, 'påføring', '4/d', 'eye'],
  ['latanoprost', 'S01EE01', 'latanoprost', 'øyedråper', '50 mikrog/ml', 1, 'dråpe', '1/d', 'eye'],
  ['artificial-tears', 'S01XA20', 'kunstig tårevæske', 'øyedråper', '10 mg/ml', 1, 'dråpe', '3/d!', 'eye'],
  ['aflibercept', 'S01LA05', 'aflibercept', 'injeksjonsvæske', '40 mg/ml', 2, 'mg', '1/2mo', 'eye'],
];

/** The forms by 7448 Legemiddelform. */
const formCodes: Readonly<Record<string, string>> = {
  tablett: '53',
  enterokapsel: '27',
  enterotablett: '28',
  mikstur: '9',
  'pulver til mikstur': '224',
  depottablett: '25',
  injeksjonsvæske: '101',
  inhalasjonsaerosol: '96',
  tyggetablett: '57',
  'inhalasjonsvæske til nebulisator': '100',
  'pulver til infusjonsvæske': '102',
  infusjonsvæske: '95',
  munnspray: '40',
  salve: '46',
  krem: '34',
  gel: '29',
  depotplaster: '58',
  depotkapsel: '24',
  'pulver til injeksjonsvæske': '103',
  kapsel: '32',
  implantat: '132',
  nesespray: '74',
  inhalasjonspulver: '99',
  inhalasjonsvæske: '160',
  øyesalve: '94',
  øyedråper: '90',
};

/** The form as a concept of 7448. */
export function formOf({ form }: Medicine): Concept {
  const code = formCodes[form];
  assert(code, `no form ${form}`);
  return concept('urn:oid:2.16.578.1.12.4.1.1.7448', code, form[0]!.toUpperCase() + form.slice(1));
}

/** ATC, with the name that a list shows: `Metoprolol depottablett 50 mg`. */
export function codeOfMedicine({ atc, substance, form, strength }: Medicine): Concept {
  const name = substance[0]!.toUpperCase() + substance.slice(1);
  return { ...concept(codeSystems.atc, atc, substance), text: `${name} ${form} ${strength}` };
}

export const medicines: ReadonlyMap<string, Medicine> = new Map(rows.map((row) => [row[0], toMedicine(row)]));

function toMedicine([key, atc, substance, form, strength, amount, unit, frequency, route = 'oral']: Row): Medicine {
  const match = /^(\d+)\/(\d*)(d|wk|mo)(!?)$/.exec(frequency);
  if (!match) throw new SyntaxError(`no frequency: ${frequency}`);
  const period = match[3] as Medicine['period'];
  const every = match[2] ? Number(match[2]) : 1;
  return {
    key,
    atc,
    substance,
    form,
    strength,
    route,
    amount,
    unit,
    times: Number(match[1]),
    period,
    every,
    asNeeded: match[4] === '!',
  };
}
