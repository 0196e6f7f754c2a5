/**
 * Clinical concepts with the words that name them, written by the project itself. A line: `name < wider ones | words in Norwegian, Latin and English,
 * abbreviations | ICD-10 | ICPC-2 | ATC`, codes by how they begin. Words of three letters or fewer, and those in capitals, are abbreviations: they match whole words alone.
 */
export const conceptLines = `
hjerteinfarkt < hjertesykdom | hjerteinfarkt; myokardinfarkt; akutt hjerteinfarkt; infarkt i bakvegg; infarkt i fremvegg; infarkt i nedrevegg; bakveggsinfarkt; fremreveggsinfarkt; nedreveggsinfarkt; inferiort infarkt; anteriort infarkt; infarctus myocardii; heart attack; myocardial infarction; AMI; MI | I21 I22 I252 | K75
stemi < hjerteinfarkt | STEMI; ST-elevasjonsinfarkt; ST-hevningsinfarkt | I210 I211 I212 I213
nstemi < hjerteinfarkt | NSTEMI; non-STEMI | I214
angina < hjertesykdom | angina pectoris; hjertekrampe; angina; ustabil angina; UAP | I20 | K74
hjertesvikt < hjertesykdom | hjertesvikt; kongestiv hjertesvikt; hjerteinsuffisiens; cor incompensatum; heart failure; HFREF; HFPEF; CHF; svikt i hjertet | I50 | K77
atrieflimmer < arytmi | atrieflimmer; forkammerflimmer; hjerteflimmer; atrial fibrillation; AF; AFLI; paroksysmal atrieflimmer | I48 | K78
arytmi < hjertesykdom | arytmi; hjerterytmeforstyrrelse; rytmeforstyrrelse; uregelmessig puls; arrhythmia; takykardi; bradykardi | I47 I48 I49 R000 R001 | K79 K80
hjertesykdom | hjertesykdom; hjertelidelse; koronarsykdom; heart disease; koronar hjertesykdom; iskemisk hjertesykdom | I2 I50 I51
klaffefeil < hjertesykdom | klaffefeil; hjerteklaffsykdom; aortastenose; mitralinsuffisiens; aortic stenosis; AS; klaffesykdom | I34 I35 I36 I37 I05 I06 | K83
hypertensjon | hypertensjon; høyt blodtrykk; hypertonia arterialis; høgt blodtrykk; hypertension; high blood pressure; HT | I10 I11 I12 I13 I15 | K86 K87
slag | hjerneslag; slag; apopleksi; apoplexia cerebri; hjerneinfarkt; hjerneblødning; stroke; cerebral infarction; CVA; drypp i hjernen | I61 I63 I64 | K90
tia < slag | TIA; transitorisk iskemisk anfall; drypp; transient ischaemic attack | G45 | K89
hjerneblødning < slag blødning | hjerneblødning; intracerebral blødning; subaraknoidalblødning; SAB; intrakraniell blødning; cerebral haemorrhage; subduralt hematom | I60 I61 I62 S065 S066
lungeemboli < tromboembolisme | lungeemboli; blodpropp i lungen; embolia pulmonum; pulmonary embolism; LE; PE | I26 | K93
dvt < tromboembolisme | dyp venetrombose; DVT; blodpropp i beinet; blodpropp i foten; deep vein thrombosis; venetrombose | I80 I82 | K94
tromboembolisme | blodpropp; trombose; tromboembolisme; VTE; emboli; thrombosis | I26 I80 I81 I82 I74
lungebetennelse < luftveisinfeksjon | pneumoni; lungebetennelse; lungebetennelsen; pneumonia; lobær pneumoni; bronkopneumoni | J12 J13 J14 J15 J16 J17 J18 | R81
kols < lungesykdom | KOLS; kronisk obstruktiv lungesykdom; COPD; røykelunger; emfysem; chronic obstructive pulmonary disease; KOLS-forverring | J44 J43 | R95
astma < lungesykdom | astma; asthma bronchiale; asthma; bronkialastma | J45 J46 | R96
lungesykdom | lungesykdom; lungelidelse; lung disease | J4 J84
luftveisinfeksjon < infeksjon | luftveisinfeksjon; forkjølelse; bronkitt; øvre luftveisinfeksjon; ØLI; respiratory infection | J0 J20 J21 J22 | R74 R78
influensa < luftveisinfeksjon | influensa; influenza | J09 J10 J11 | R80
covid < luftveisinfeksjon | covid-19; covid; korona; koronavirus; SARS-CoV-2 | U07 | R992
sepsis < infeksjon | sepsis; blodforgiftning; septikemi; septisk sjokk; septic shock | A40 A41 R572 | A78
infeksjon | infeksjon; betennelse; infection
uvi < infeksjon | urinveisinfeksjon; UVI; blærekatarr; cystitt; cystitis; urinary tract infection; UTI | N30 N390 | U71
pyelonefritt < uvi | pyelonefritt; nyrebekkenbetennelse; pyelonephritis | N10 N11 N12 | U70
meningitt < infeksjon | meningitt; hjernehinnebetennelse; meningitis | G00 G01 G02 G03 | N71
erysipelas < infeksjon | erysipelas; rosen; cellulitt; cellulitis | A46 L03 | S76
endokarditt < infeksjon hjertesykdom | endokarditt; endocarditis; betennelse i hjerteklaffene | I33 I38
diabetes | diabetes; sukkersyke; diabetes mellitus; sukkersjuke; DM | E10 E11 E13 E14 | T89 T90
diabetes1 < diabetes | diabetes type 1; type 1-diabetes; DM1; insulinkrevende diabetes; juvenil diabetes | E10 | T89
diabetes2 < diabetes | diabetes type 2; type 2-diabetes; DM2; aldersdiabetes; NIDDM | E11 | T90
hypoglykemi | hypoglykemi; føling; lavt blodsukker; insulinføling; hypoglycaemia; hypoglycemia | E16 | T87
hypotyreose | hypotyreose; lavt stoffskifte; hypothyroidism; myksødem | E03 E02 | T86
hypertyreose | hypertyreose; høyt stoffskifte; tyreotoksikose; hyperthyroidism; Graves | E05 | T85
nyresvikt < nyresykdom | nyresvikt; nyreinsuffisiens; uremi; renal failure; kronisk nyresykdom; KNS; CKD; akutt nyreskade; AKI; nyresjukdom | N17 N18 N19 | U99
nyresykdom | nyresykdom; nefropati; kidney disease | N0 N1
nyrestein | nyrestein; nyresteinsanfall; urolithiasis; nefrolitiasis; kidney stone; uretersten | N20 | U95
anemi | anemi; blodmangel; lav blodprosent; jernmangelanemi; anaemia; anemia | D50 D51 D52 D53 D6 | B80 B82
blødning | blødning; haemorrhage; bleeding; hemorragi
giblødning < blødning | gastrointestinal blødning; GI-blødning; melena; hematemese; blod i avføringen; svart avføring; blødende magesår | K920 K921 K922 | D14 D15
magesår | magesår; ulcus; ulcus ventriculi; ulcus duodeni; gastric ulcer; peptic ulcer; blødende magesår | K25 K26 K27 | D85 D86
refluks | refluks; gastroøsofageal refluks; halsbrann; sure oppstøt; GERD; GØRS; reflux | K21 | D84
blindtarm | appendisitt; blindtarmbetennelse; blindtarmsbetennelse; appendicitis | K35 K36 K37 | D88
gallestein | gallestein; cholelithiasis; kolelitiasis; gallesteinsanfall; gallstones; kolecystitt; galleblærebetennelse | K80 K81 | D98
pankreatitt | pankreatitt; bukspyttkjertelbetennelse; pancreatitis | K85 K86
divertikulitt | divertikulitt; utposninger på tarmen; diverticulitis; divertikkelbetennelse | K57 | D92
ileus | ileus; tarmslyng; subileus; bowel obstruction | K56
crohn < ibd | Crohns sykdom; morbus Crohn; Crohn | K50
ulcerøs < ibd | ulcerøs kolitt; colitis ulcerosa; ulcerative colitis | K51
ibd | inflammatorisk tarmsykdom; IBD; betennelsestilstand i tarmen | K50 K51 | D94
cirrhose | levercirrhose; skrumplever; cirrhosis hepatis; cirrose; liver cirrhosis | K74 K703 | D97
hepatitt | hepatitt; leverbetennelse; hepatitis; gulsott | B15 B16 B17 B18 B19 K73 | D72
kreft | kreft; cancer; karsinom; malign svulst; ondartet svulst; neoplasme; malignitet; tumor malignus; carcinoma; ca. ; svulst | C | A79
brystkreft < kreft | brystkreft; cancer mammae; mammacancer; breast cancer; ca mammae; mammakarsinom; kreft i brystet | C50 | X76
lungekreft < kreft | lungekreft; cancer pulmonis; lung cancer; ca pulm; bronkialkarsinom; lungecancer | C34 | R84
tarmkreft < kreft | tykktarmskreft; tarmkreft; cancer coli; kolonkreft; coloncancer; colorectal cancer; endetarmskreft; cancer recti; rektumcancer; kolorektal kreft | C18 C19 C20 | D75
prostatakreft < kreft | prostatakreft; cancer prostatae; prostatacancer; prostate cancer; ca prostata | C61 | Y77
melanom < kreft | melanom; føflekkreft; malignt melanom; melanoma | C43 | S77
leukemi < kreft | leukemi; blodkreft; leukaemia; leukemia; KLL; AML; ALL-leukemi | C91 C92 C93 C94 C95 | B73
lymfom < kreft | lymfom; lymfekreft; Hodgkins lymfom; lymphoma | C81 C82 C83 C84 C85 | B72
metastase < kreft | metastase; spredning; dattersvulst; metastasis; fjernspredning | C77 C78 C79
hoftebrudd < brudd | hoftebrudd; lårhalsbrudd; brudd i lårhals; FCF; fractura colli femoris; hip fracture; pertrokantær fraktur; brot i lårhalsen | S72 | L75
håndleddsbrudd < brudd | håndleddsbrudd; radiusfraktur; Colles fraktur; distal radiusfraktur; wrist fracture; brudd i håndleddet | S52 | L72
ankelbrudd < brudd | ankelbrudd; malleolfraktur; ankle fracture | S82 | L73
kompresjonsbrudd < brudd | kompresjonsbrudd; sammenfall i rygg; vertebrafraktur; vertebral fracture | S22 S32 M80 M48
brudd | brudd; fraktur; beinbrudd; fractura; fracture; brot | S02 S12 S22 S32 S42 S52 S62 S72 S82 S92 T02 T10 T12 | L72 L73 L74 L75 L76
osteoporose | osteoporose; beinskjørhet; benskjørhet; osteoporosis | M80 M81 M82 | L95
artrose | artrose; slitasjegikt; osteoarthritis; coxartrose; gonartrose; leddslitasje | M15 M16 M17 M18 M19 | L89 L90 L91
leddgikt | revmatoid artritt; leddgikt; rheumatoid arthritis; RA | M05 M06 | L88
urinsyregikt | urinsyregikt; gikt; podagra; arthritis urica; gout | M10 | T92
ryggsmerter < smerter | ryggsmerter; korsryggsmerter; lumbago; back pain; vondt i ryggen; ryggsmerte | M54 | L02 L03
isjias < ryggsmerter | isjias; lumboischialgi; prolaps; sciatica; skiveprolaps | M51 M543 M544 | L86
brystsmerter < smerter | brystsmerter; thoracale smerter; chest pain; vondt i brystet; brystsmerte; smerter i brystet; retrosternale smerter | R07 | K01 L04 A11
magesmerter < smerter | magesmerter; abdominalsmerter; vondt i magen; abdominal pain; mavesmerter; buksmerter | R10 | D01 D06
hodepine < smerter | hodepine; cephalea; headache; hovudverk; hodesmerter; vondt i hodet | R51 G44 | N01
migrene < hodepine | migrene; migraine | G43 | N89
smerter | smerter; smerte; vondt; pain; dolor | R52 | A01
tungpust | dyspné; dyspnoe; tung pust; tungpust; tungpustenhet; kortpustet; pustevansker; pustebesvær; dyspnea; dyspnoea; shortness of breath; breathlessness; åndenød | R060 | R02
hoste | hoste; cough; tussis | R05 | R05
feber | feber; febril; febrilia; fever; pyrexia; høy temperatur | R50 | A03
kvalme | kvalme; oppkast; brekninger; nausea; vomiting; emesis | R11 | D09 D10
svimmelhet | svimmelhet; vertigo; svimmel; ør; dizziness; krystallsyke; BPPV | R42 H81 | N17 H82
synkope | synkope; besvimelse; besvimt; syncope; bevissthetstap; svime av | R55 | A06
kramper | kramper; krampeanfall; seizure; konvulsjoner | R56 | N07
epilepsi | epilepsi; epilepsy; epileptisk anfall; fallesyke | G40 G41 | N88
demens | demens; dementia; Alzheimers sykdom; Alzheimer; senil demens; kognitiv svikt; hukommelsessvikt | F00 F01 F02 F03 G30 | P70
parkinson | Parkinsons sykdom; parkinsonisme; Parkinson; paralysis agitans | G20 | N87
ms | multippel sklerose; MS; multiple sclerosis | G35 | N86
delirium | delir; delirium; akutt forvirring; forvirringstilstand; confusion; forvirret | F05 | P71
depresjon | depresjon; depressiv episode; nedstemthet; depression; deprimert | F32 F33 | P76
angst | angst; angstlidelse; anxiety; panikklidelse | F40 F41 | P74 P01
psykose | psykose; schizofreni; psychosis; schizophrenia | F20 F23 F29 | P72 P73
bipolar | bipolar lidelse; manisk-depressiv; bipolar disorder; mani | F30 F31 | P73
selvmordstanker | selvmordstanker; suicidalitet; suicidal; selvmordsforsøk; suicide; selvskading | X6 X7 X80 X81 X82 X83 X84 R458 | P77
alkohol | alkoholmisbruk; alkoholavhengighet; alkoholisme; alcohol abuse; alkoholoverforbruk; abstinens | F10 | P15 P16
rus | rusmisbruk; stoffmisbruk; opioidavhengighet; substance abuse; rusavhengighet | F11 F12 F13 F14 F15 F16 F18 F19 | P19
røyking | røyking; røyker; smoking; tobakk; nikotinavhengighet; smoker; sigaretter | F17 Z720 | P17
overvekt | overvekt; fedme; adipositas; obesity; BMI over 30 | E66 | T82 T83
underernæring | underernæring; malnutrisjon; vekttap; feilernæring; malnutrition; weight loss; avmagring | E43 E44 E46 R634 | T08
trykksår | trykksår; liggesår; decubitus; pressure ulcer; dekubitus | L89 | S97
fall | falltendens; fall; falt; ramlet; fall i hjemmet; fallulykke; recurrent falls | R296 W0 W1 | A80
allergi | allergi; overfølsomhet; allergic; allergy; allergisk reaksjon | T784 Z88 | A92
anafylaksi < allergi | anafylaksi; anafylaktisk sjokk; anaphylaxis; anafylaktisk reaksjon | T782 T780 T886
penicillinallergi < allergi | penicillinallergi; allergisk mot penicillin; penicillinreaksjon; penicillin allergy; overfølsom for penicillin; CAVE penicillin | Z880
eksem | eksem; atopisk dermatitt; eczema; dermatitt | L20 L30 | S87
psoriasis | psoriasis | L40 | S91
urtikaria | urtikaria; elveblest; neslefeber; urticaria; hives | L50 | S98
grå stær | grå stær; katarakt; cataract; linsegrumling | H25 H26 | F92
glaukom | glaukom; grønn stær; glaucoma | H40 | F93
øreinfeksjon < infeksjon | otitt; ørebetennelse; mellomørebetennelse; otitis media; øreinfeksjon; øyrebetennelse | H65 H66 | H71
halsbetennelse < infeksjon | tonsillitt; halsbetennelse; mandelbetennelse; tonsillitis; streptokokkhals | J02 J03 | R76
graviditet | graviditet; svangerskap; gravid; pregnancy; graviditas | Z33 Z34 O | W78
svangerskapsforgiftning | preeklampsi; svangerskapsforgiftning; preeclampsia; HELLP | O14 O15 | W81
svangerskapsdiabetes < diabetes graviditet | svangerskapsdiabetes; gestasjonsdiabetes; gestational diabetes; GDM | O24 | W85
abort < graviditet | spontanabort; abort; miscarriage; abortus | O03 O04 O06 | W82
keisersnitt | keisersnitt; sectio; sectio caesarea; caesarean section
pacemaker | pacemaker; hjertestarter; ICD; implanterbar defibrillator; PM | Z950 Z450
bypass | bypass; hjertebypass; koronar bypass; CABG; ACB; aortokoronar bypass | Z951
pci | PCI; utblokking; ballongutvidelse; stent; perkutan koronar intervensjon; angioplasty | Z955
hofteprotese | hofteprotese; totalprotese i hofte; THA; hip replacement; hemiprotese | Z966
mrsa < infeksjon | MRSA; meticillinresistente gule stafylokokker; gule stafylokokker | U821 Z223
blodfortynnende | blodfortynnende; antikoagulasjon; antikoagulantia; anticoagulant; DOAK; NOAC; warfarin; Marevan; apiksaban; Eliquis; rivaroksaban; Xarelto; dabigatran; Pradaxa | | | B01A
insulin | insulin; NovoRapid; Lantus; Tresiba; Humalog | | | A10A
metformin | metformin; Glucophage | | | A10BA
betablokker | betablokker; metoprolol; Selo-Zok; bisoprolol; beta blocker | | | C07
acehemmer | ACE-hemmer; enalapril; ramipril; lisinopril; ACE inhibitor | | | C09A
statin | statin; statiner; atorvastatin; simvastatin; Lipitor; kolesterolsenkende | | | C10AA
vanndrivende | vanndrivende; diuretika; furosemid; Furix; bumetanid; Burinex; diuretic | | | C03
opioid | opioid; opiat; morfin; oksykodon; OxyContin; Oxynorm; morphine; tramadol | | | N02A
paracetamol | paracetamol; Paracet; Pinex; acetaminophen | | | N02BE01
nsaid | NSAID; ibuprofen; Ibux; diklofenak; Voltaren; naproksen; betennelsesdempende | | | M01A
penicillin | penicillin; fenoksymetylpenicillin; Apocillin; benzylpenicillin | | | J01C
antibiotika | antibiotika; antibiotikum; antibiotics | | | J01
kortison | kortison; prednisolon; kortikosteroid; steroid; corticosteroid | | | H02
sovemedisin | sovemedisin; zopiklon; Imovane; zolpidem; sovetablett | | | N05CF
antidepressiv | antidepressiv; antidepressiva; escitalopram; Cipralex; sertralin; SSRI; lykkepille | | | N06A
blodprosent | hemoglobin; blodprosent; Hb | |
crp | CRP; C-reaktivt protein; senkning
kreatinin | kreatinin; creatinine; eGFR; nyrefunksjon; GFR
hba1c | HbA1c; langtidsblodsukker; glykert hemoglobin
røntgen thorax | røntgen thorax; rtg thorax; lungebilde; chest x-ray; thoraxbilde
ekg | EKG; ECG; elektrokardiogram; hjerteundersøkelse med elektroder
ct | CT; computertomografi; computed tomography
mr | MR; MRI; magnetresonanstomografi; magnetisk resonans
ultralyd | ultralyd; sonografi; ultrasound; UL
ekkokardiografi | ekkokardiografi; ekko cor; hjerteultralyd; echocardiography; UCG
skopi | gastroskopi; koloskopi; endoskopi; colonoscopy; gastroscopy
hlr minus | HLR minus; ikke gjenopplives; R-minus; behandlingsbegrensning; do not resuscitate; DNR
`;
