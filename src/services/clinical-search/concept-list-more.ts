/** More concepts, in the form of `concept-list.ts`: findings, answers of laboratories, procedures, function and what a person has decided. */
export const moreConceptLines = `
aneurisme | aneurisme; utposning; utposning av aorta; AAA; abdominalt aortaaneurisme; hovedpulsåre; utvidet hovedpulsåre; aneurysm | I71 I72
aortaaneurisme < aneurisme | aortaaneurisme; utposning av aorta; utposning på hovedpulsåren; AAA; aortic aneurysm | I71
lungeknute | lungeknute; knute i lungen; nodulus; noduli; lungenodulus; rundskygge; fortetning i lungen; lung nodule | R91
tumor | tumor; svulst; oppfylling; lesjon; neoplasi; kul; knute; mass; neoplasm | D48
polypp | polypp; polypper; adenom i tarm; polyp | K635 D12
ascites | ascites; væske i buken; bukvæske | R18
pleuravæske | pleuravæske; væske i lungesekken; hydrothorax; pleural effusion; pleuraeffusjon | J90 J91
pneumothorax | pneumothorax; pneumotoraks; punktert lunge; luft i lungesekken; lungekollaps; collapsed lung | J93
tuberkulose < infeksjon | tuberkulose; TBC; TB; tuberculosis; mykobakterier | A15 A16 A17 A18 A19 | A70
hiv < infeksjon | HIV; aids; humant immunsviktvirus | B20 B21 B22 B23 B24 Z21 | B90
hepatitt b < hepatitt | hepatitt B; HBsAg; HBV; hepatitis B | B16 B180 B181
hepatitt c < hepatitt | hepatitt C; HCV; anti-HCV; HCV-RNA; hepatitis C | B171 B182
esbl < infeksjon | ESBL; utvidet spektrum betalaktamase; betalaktamase; multiresistent; multiresistente bakterier | U822
vre < infeksjon | VRE; vankomycinresistente enterokokker
clostridium < infeksjon | Clostridioides difficile; Clostridium difficile; C. diff; tarminfeksjon etter antibiotika | A047
borreliose < infeksjon | borreliose; borrelia; flåttbitt; Lyme; erythema migrans | A692
herpes zoster < infeksjon | herpes zoster; helvetesild; zoster; shingles | B02 | S70
osteomyelitt < infeksjon | osteomyelitt; beinbetennelse; beininfeksjon; skjelettinfeksjon | M86
abscess < infeksjon | abscess; byll; verkebyll; pussansamling; puss | L02
sårinfeksjon < infeksjon | sårinfeksjon; infisert sår; wound infection | T793 T814
hyponatremi | hyponatremi; lavt natrium; lav natrium; lavt salt; hyponatraemia; SIADH | E871
hypokalemi | hypokalemi; lavt kalium; lav kalium | E876
hyperkalemi | hyperkalemi; høyt kalium; høy kalium | E875
hyperkalsemi | hyperkalsemi; høyt kalsium; hypercalcemia | E835
natrium | natrium; S-Natrium; Na; sodium
kalium | kalium; S-Kalium; potassium
jern | jern; ferritin; jernlager; jernlagre; jernmangel; transferrin; iron; iron deficiency | D50 E611
troponin | troponin; TnT; TnI; hjerteenzymer; infarktprøve
leverprøver | leverprøver; ALAT; ASAT; bilirubin; transaminaser; liver enzymes
kolesterol | kolesterol; LDL; HDL; lipider; blodfett; hyperkolesterolemi; høyt kolesterol; cholesterol | E78 | T93
vitamin b12 | vitamin B12; kobalamin; B12-mangel | E538 D51
vitamin d | vitamin D; D-vitaminmangel | E55
psa | PSA; prostataspesifikt antigen
inr | INR; PT-INR; blødningstid
trombocytopeni | trombocytopeni; lave blodplater; lave trombocytter; blodplatemangel | D69
leukopeni | leukopeni; nøytropeni; lave hvite; lave hvite blodlegemer; agranulocytose; neutropenia | D70 D72
gentest | gentest; genetisk utredning; mutasjon; patogen variant; genvariant; arvelig; arvelighet; BRCA1; BRCA2; BRCA; Lynch; genetic test; hereditary
ejeksjonsfraksjon | ejeksjonsfraksjon; EF; LVEF; pumpefunksjon; ejection fraction
aortastenose < klaffefeil | aortastenose; trang aortaklaff; forkalket aortaklaff; aortic stenosis | I350 I352
perikarditt < hjertesykdom | perikarditt; hjerteposebetennelse; pericarditis | I30 I31
myokarditt < hjertesykdom | myokarditt; hjertemuskelbetennelse; myocarditis | I40 I41 I51
hjertestans | hjertestans; hjertestopp; ventrikkelflimmer; VF; cardiac arrest; gjenopplivet; resuscitert | I46 I490
gjenoppliving | hjerte-lungeredning; gjenoppliving; gjenopplives; HLR; resuscitation; CPR
av-blokk < arytmi | AV-blokk; hjerteblokk; grenblokk; heart block | I44 I45
åreknuter | åreknuter; varicer; varikøse vener; varicose veins | I83 | K95
claudicatio | claudicatio; claudicatio intermittens; røykebein; vindustittersyke; perifer karsykdom; arteriosklerose | I70 I73 | K92
ødem | ødem; hovne bein; hovne ankler; væskeansamling; edema | R60 | K07
søvnapné | søvnapné; OSAS; pustestopp om natten; CPAP; sleep apnoea | G473 | P06
lungefibrose < lungesykdom | lungefibrose; interstitiell lungesykdom; fibrose i lungene; pulmonary fibrosis | J84
bronkiektasi < lungesykdom | bronkiektasi; bronkiektasier; utvidede luftveier | J47
spirometri | spirometri; lungefunksjon; lungefunksjonsundersøkelse; FEV1; FVC; pusteprøve; spirometry
hemoptyse < blødning | hemoptyse; blodig oppspytt; hoster blod; blodhoste; hemoptysis | R042 | R24
neseblødning < blødning | neseblødning; epistaxis; blør neseblod | R040 | R06
hematuri < blødning | hematuri; blod i urinen; rød urin; haematuria | R31 | U06
urininkontinens | urininkontinens; inkontinens; lekkasje; urinlekkasje; incontinence | R32 N394 | U04
urinretensjon | urinretensjon; urinstopp; får ikke late vannet; residualurin; kateter; kateterisert; urinary retention | R33 | U08
prostata | prostatahyperplasi; forstørret prostata; BPH; TUR-P; vannlatingsbesvær | N40 | Y85
dialyse | dialyse; hemodialyse; peritonealdialyse; dialysis | Z992 Z49
transplantasjon | transplantasjon; transplantert; nyretransplantert; organtransplantasjon; transplant | Z94
splenektomi | splenektomi; splenektomert; milten fjernet; fjernet milt; uten milt; asplenia | D73 Q890
appendektomi | appendektomi; appendektomert; fjernet blindtarm; tatt blindtarmen
kolecystektomi | kolecystektomi; kolecystektomert; fjernet galleblære; galleblære fjernet; cholecystectomy
hysterektomi | hysterektomi; fjernet livmor; livmor fjernet; hysterectomy
mastektomi | mastektomi; fjernet bryst; bryst fjernet; ablatio mammae; mastectomy
amputasjon | amputasjon; amputert; leggamputert; proteseben; amputation | Z89 T05
stomi | stomi; kolostomi; ileostomi; utlagt tarm; stoma | Z932 Z933
peg | PEG; gastrostomi; knapp på magen; sondeernæring; ernæringssonde | Z931
dysfagi | dysfagi; svelgvansker; svelgbesvær; svelgproblemer; vrangstrupen; setter fast i halsen; fortykket væske; aspirasjon; dysphagia | R13 | D21
forstoppelse | obstipasjon; forstoppelse; treg mage; constipation | K590 | D12
diare | diaré; løs mage; løs avføring; gastroenteritt; omgangssyke; diarrhoea | A09 K591 | D11 D73
cøliaki | cøliaki; glutenintoleranse; coeliac | K900 | D99
hemoroider | hemoroider; hemorroider; haemorrhoids | K64 | K96
brokk | lyskebrokk; navlebrokk; brokk; hernie; hernia | K40 K42 K43 | D89 D90
levertumor | levermetastaser; leverlesjon; levertumor; hepatocellulært karsinom | C22 C787
binyre | binyre; binyreadenom; adenom i binyre; binyrebarksvikt; Addison; adrenal | E27 D350
bifunn | bifunn; tilfeldig funn; incidentalom; incidental finding
stoffskifte | stoffskifte; tyreoidea; skjoldbruskkjertel; TSH; struma; thyroid; hypotyreose; hypertyreose; Graves; radiojod | E00 E01 E02 E03 E04 E05 E06 E07
cushing | Cushing; hyperkortisolisme | E24
anoreksi < spiseforstyrrelse | anoreksi; anorexia nervosa; anorexia | F500 F501 | P86
bulimi < spiseforstyrrelse | bulimi; bulimia nervosa | F502 F503 | P86
spiseforstyrrelse | spiseforstyrrelse; overspisingslidelse; eating disorder | F50 | P86
adhd | ADHD; ADD; hyperkinetisk forstyrrelse; oppmerksomhetsforstyrrelse | F90 | P81
autisme | autisme; Asperger; autismespekterforstyrrelse; ASD | F84
ptsd | PTSD; posttraumatisk stresslidelse; traume etter overgrep; flashbacks | F431 | P82
personlighetsforstyrrelse | personlighetsforstyrrelse; borderline; emosjonelt ustabil | F60 | P80
søvnvansker | insomni; søvnløshet; søvnvansker; sover dårlig; insomnia | G470 F510 | P06
overdose < forgiftning | overdose; intoks; tok tabletter; tablettinntak; intoksikasjon; overdosering | T36 T39 T40 T42 T43 X6 | A84
forgiftning | forgiftning; poisoning | T5 T6 | A86
selvskading | selvskading; selvskader; kutter seg; kutting; risper seg; self-harm | X78 | P77
vold | vold; voldsutsatt; overgrep; mishandling; slått av; violence; abuse | T74 Y04 | Z25
alkoholbruk < alkohol | alkohol; drikker; sprit; øl; vin; rusmiddel; edru; alcohol
abstinens < alkohol | abstinens; abstinenser; skjelvinger ved slutt; withdrawal | F103
anfall | anfall; krampeanfall; tonisk-klonisk; tonisk-kloniske anfall; generalisert anfall; GTK; EEG; grand mal; fit | R56 G40 | N07 N88
talevansker | afasi; talevansker; dysartri; snakker utydelig; slurvete tale; aphasia; speech difficulty | R47 | N19
lammelse | parese; lammelse; hemiparese; halvsidig lammelse; kraftsvikt; nedsatt kraft; paralysis | G81 G82 G83 | N18
ansiktslammelse < lammelse | facialisparese; ansiktslammelse; Bells parese; skjev munn | G510 | N91
nevropati | polynevropati; nevropati; nummenhet; prikking; nedsatt følelse; neuropathy | G62 G63 R20 | N94 N06
als | ALS; amyotrofisk lateralsklerose; motornevronsykdom | G122
hodeskade | hodeskade; hjernerystelse; commotio; slag mot hodet; concussion; hodetraume | S06 S09 | N79 N80
hjernesvulst < kreft | hjernesvulst; gliom; glioblastom; meningeom; hjernetumor; brain tumour | C71 D32 | N74
hørselstap | hørselstap; nedsatt hørsel; tunghørt; hører dårlig; høreapparat; døvhet; hearing loss | H90 H91 Z974 | H84 H86
tinnitus | tinnitus; øresus; piping i øret | H931 | H03
synstap | synstap; nedsatt syn; ser dårlig; blind; blindhet; visual loss | H53 H54 | F94
netthinneløsning | netthinneløsning; amotio; amotio retinae; retinal detachment | H33 | F82
makuladegenerasjon | makuladegenerasjon; AMD; forkalkning på netthinnen | H353 | F84
vanskelig luftvei | vanskelig luftvei; vanskelig intubasjon; vanskelig å intubere; Cormack; Cormack-Lehane; Mallampati; fiberskop; våken intubasjon; difficult airway | T884
malign hypertermi | malign hypertermi; malignant hyperthermia | T883
kontrastreaksjon < allergi | kontrastreaksjon; kontrastmiddel; kontrast; kontrastallergi; jodholdig kontrast; contrast allergy | T508
allergisk sjokk < anafylaksi | allergisk sjokk; adrenalin; EpiPen; angioødem | T782 T783
lateksallergi < allergi | lateksallergi; lateks; latex
legemiddelreaksjon < allergi | legemiddelreaksjon; bivirkning; tåler ikke; intoleranse; utslett etter; adverse reaction | T887 | A85
transfusjon | blodtransfusjon; transfusjon; transfusjonsreaksjon; SAG; SAG-pose; blodpose; erytrocyttkonsentrat; fikk blod; blood transfusion | T808
vaksine | vaksine; vaksinasjon; vaksinert; immunisering; vaccine
fødsel | fødsel; forløst; forløsning; vaginal fødsel; vakuum; tang; delivery | O8 | W90
blødning etter fødsel < blødning | postpartumblødning; blødning etter fødsel; atoni; postpartum haemorrhage | O72
endometriose | endometriose; endometriosis | N80
p-piller | p-piller; prevensjon; spiral; hormonspiral; contraception | Z30 | W11
overgangsalder | overgangsalder; menopause; klimakteriet; hetetokter | N95 | X11
skulder | frossen skulder; rotatorcuff; supraspinatus; impingement; skuldersmerter | M75 | L92
kneskade | meniskskade; korsbånd; korsbåndskade; ACL; vridd kneet; meniskruptur | S83 M23 | L96
kneprotese | kneprotese; totalprotese i kne; TKA; knee replacement | Z966
rygg | spinal stenose; spinalstenose; trang ryggmargskanal | M48
lupus | lupus; SLE; systemisk lupus erythematosus | M32
temporalisarteritt | temporalisarteritt; kjempecellearteritt; GCA; polymyalgia; polymyalgia revmatika; PMR | M31 M35
sarkoidose | sarkoidose; Boeck; sarcoidosis | D86
fibromyalgi | fibromyalgi; utbredte smerter; fibromyalgia | M797 | L18
sår | sår; leggsår; ulcus cruris; diabetisk fotsår; fotsår; wound | L97 | S97
brannskade | brannskade; brannsår; forbrenning; skåldet; burn | T2 T30 | S14
førerkort | førerkort; kjøreforbud; helsekrav; bilkjøring; driving
tolk | tolk; tolkebehov; interpreter
pårørende | pårørende; ektefelle; verge; fremtidsfullmakt; next of kin
palliasjon | palliasjon; palliativ; lindrende; livets slutt; terminal; palliative | Z515
cellegift | cellegift; kjemoterapi; cytostatika; chemotherapy | | | L01
stråling | strålebehandling; stråleterapi; bestråling; radiotherapy | Z510
litium | litium; lithium | | | N05AN
metotreksat | metotreksat; Methotrexate | | | L04AX03
amiodaron | amiodaron; Cordarone | | | C01BD01
digitoksin | digitoksin; digoksin; digitalis | | | C01AA
allopurinol | allopurinol; Zyloric | | | M04AA01
antiepileptika | antiepileptika; lamotrigin; valproat; levetiracetam; Keppra; karbamazepin | | | N03
benzodiazepin | benzodiazepin; diazepam; Valium; Stesolid; oksazepam; Sobril | | | N05BA
antipsykotika | antipsykotika; olanzapin; kvetiapin; risperidon; haloperidol; klozapin | | | N05A
inhalasjon | inhalasjon; inhalator; salbutamol; Ventoline; tiotropium; Spiriva; Symbicort | | | R03
biologisk legemiddel | biologisk legemiddel; TNF-hemmer; infliksimab; adalimumab; Humira; rituksimab | | | L04AB
heparin < blodfortynnende | heparin; lavmolekylært heparin; Klexane; enoksaparin; dalteparin; Fragmin | | | B01AB
platehemmer | platehemmer; acetylsalisylsyre; Albyl-E; klopidogrel; Plavix; tikagrelor; Brilique; aspirin | | | B01AC
kalsiumblokker | kalsiumblokker; amlodipin; nifedipin; lerkanidipin; calcium channel blocker | | | C08
levotyroksin | levotyroksin; Levaxin | | | H03AA01
magesyredempende | syrehemmer; protonpumpehemmer; PPI; omeprazol; pantoprazol; esomeprazol; Nexium | | | A02BC
`;
