-- A small store for the tests of tables: ten States of an imagined OAS, figures invented. Every case that the rules
-- of a table speak of stands here once; the comment beside it says which.

INSERT INTO codelist BY NAME
SELECT list, code, '' AS parent, row_number() OVER () AS position, en, es, pt, fr, 'test' AS source FROM (VALUES
    ('CL_AREA', '_T', 'Total', 'Total', 'Total', 'Total'),
    ('CL_AREA', '_U', 'Unknown', 'Desconocido', 'Desconhecido', 'Inconnu'),
    ('CL_AREA', 'ARG', 'Argentina', 'Argentina', 'Argentina', 'Argentine'),
    ('CL_AREA', 'BOL', 'Bolivia', 'Bolivia', 'Bolívia', 'Bolivie'),
    ('CL_AREA', 'BRA', 'Brazil', 'Brasil', 'Brasil', 'Brésil'),
    ('CL_AREA', 'CAN', 'Canada', 'Canadá', 'Canadá', 'Canada'),
    ('CL_AREA', 'CHL', 'Chile', 'Chile', 'Chile', 'Chili'),
    ('CL_AREA', 'CUB', 'Cuba', 'Cuba', 'Cuba', 'Cuba'),
    ('CL_AREA', 'JAM', 'Jamaica', 'Jamaica', 'Jamaica', 'Jamaïque'),
    ('CL_AREA', 'MEX', 'Mexico', 'México', 'México', 'Mexique'),
    ('CL_AREA', 'NIC', 'Nicaragua', 'Nicaragua', 'Nicarágua', 'Nicaragua'),
    ('CL_AREA', 'PER', 'Peru', 'Perú', 'Peru', 'Pérou'),
    ('CL_AREA', 'USA', 'United States', 'Estados Unidos', 'Estados Unidos', 'États-Unis'),
    ('CL_AREA', 'VEN', 'Venezuela', 'Venezuela', 'Venezuela', 'Venezuela'),
    ('CL_AGENCY', 'UNODC', 'United Nations Office on Drugs and Crime', 'Oficina de las Naciones Unidas contra la Droga y el Delito', 'Escritório das Nações Unidas sobre Drogas e Crime', 'Office des Nations Unies contre la drogue et le crime'),
    ('CL_AGENCY', 'PER_PNP', 'Peru, National Police', 'Perú, Policía Nacional', 'Peru, Polícia Nacional', 'Pérou, Police nationale'),
    ('CL_AGENCY', 'STATCAN', 'Statistics Canada', 'Statistics Canada', 'Statistics Canada', 'Statistique Canada'),
    ('CL_AGENCY', 'UNTC', 'United Nations Treaty Collection', 'Colección de Tratados de las Naciones Unidas', 'Coleção de Tratados das Nações Unidas', 'Collection des Traités des Nations Unies'),
    ('CL_COUNTING_UNIT', 'PERSON', 'Persons', 'Personas', 'Pessoas', 'Personnes'),
    ('CL_COUNTING_UNIT', 'INCIDENT', 'Incidents', 'Incidentes', 'Ocorrências', 'Incidents'),
    ('CL_VICTIM_STATUS', 'DETECTED', 'Detected victim', 'Víctima detectada', 'Vítima detectada', 'Victime détectée'),
    ('CL_VICTIM_STATUS', 'PRESUMED', 'Presumed victim', 'Víctima presunta', 'Vítima presumida', 'Victime présumée'),
    ('CL_VICTIM_STATUS', '_Z', 'Not applicable', 'No aplica', 'Não se aplica', 'Sans objet'),
    ('CL_SEX', '_T', 'Total', 'Total', 'Total', 'Total'),
    ('CL_SEX', 'F', 'Female', 'Mujeres', 'Mulheres', 'Femmes'),
    ('CL_SEX', 'M', 'Male', 'Hombres', 'Homens', 'Hommes'),
    ('CL_AGE', '_T', 'Total', 'Total', 'Total', 'Total'),
    ('CL_AGE', 'Y0T17', '0 to 17 years', '0 a 17 años', '0 a 17 anos', '0 à 17 ans'),
    ('CL_AGE', 'Y_GE18', '18 years or over', '18 años o más', '18 anos ou mais', '18 ans ou plus'),
    ('CL_EXPLOITATION', '_T', 'Total', 'Total', 'Total', 'Total'),
    ('CL_EXPLOITATION', 'SEXUAL', 'Sexual exploitation', 'Explotación sexual', 'Exploração sexual', 'Exploitation sexuelle'),
    ('CL_EXPLOITATION', 'LABOUR', 'Forced labour', 'Trabajo forzado', 'Trabalho forçado', 'Travail forcé'),
    ('CL_INDICATOR', 'PERSONS_INVESTIGATED', 'Persons brought into formal contact with the police', 'Personas en contacto formal con la policía', 'Pessoas em contato formal com a polícia', 'Personnes en contact formel avec la police'),
    ('CL_INDICATOR', 'PERSONS_PROSECUTED', 'Persons prosecuted', 'Personas procesadas', 'Pessoas processadas', 'Personnes poursuivies'),
    ('CL_INDICATOR', 'PERSONS_CONVICTED', 'Persons convicted', 'Personas condenadas', 'Pessoas condenadas', 'Personnes condamnées'),
    ('CL_INDICATOR', 'VICTIMS_DETECTED_RATE', 'Victims detected per 100,000', 'Víctimas detectadas por 100.000', 'Vítimas detectadas por 100.000', 'Victimes détectées pour 100 000'),
    ('CL_INDICATOR', 'OFFENCES_RECORDED_RATE', 'Offences recorded per 100,000', 'Delitos registrados por 100.000', 'Crimes registrados por 100.000', 'Infractions enregistrées pour 100 000'),
    ('CL_INSTRUMENT', 'UNTOC', 'Palermo Convention', 'Convención de Palermo', 'Convenção de Palermo', 'Convention de Palerme'),
    ('CL_INSTRUMENT', 'TIP_PROTOCOL', 'Protocol on Trafficking in Persons', 'Protocolo sobre la Trata de Personas', 'Protocolo sobre Tráfico de Pessoas', 'Protocole sur la traite des personnes'),
    ('CL_INSTRUMENT', 'CIFTA', 'CIFTA', 'CIFTA', 'CIFTA', 'CIFTA')
) t(list, code, en, es, pt, fr);
-- A finer form of exploitation: it is held in its parent and no column of its own.
INSERT INTO codelist BY NAME SELECT 'CL_EXPLOITATION' AS list, 'PROSTITUTION' AS code, 'SEXUAL' AS parent, 99 AS position,
    'Prostitution' AS en, 'Prostitución' AS es, 'Prostituição' AS pt, 'Prostitution' AS fr, 'test' AS source;

INSERT INTO area_group BY NAME
SELECT 'OAS' AS area_group, * FROM (VALUES
    ('ARG', 'member', '', '', 'test'), ('BRA', 'member', '', '', 'test'), ('CAN', 'member', '', '', 'test'),
    ('CUB', 'not-participating', '', '', 'test'), ('JAM', 'member', '', '', 'test'), ('MEX', 'member', '', '', 'test'),
    ('NIC', 'member', '', '2023-11-18', 'test'), ('NIC', 'withdrawn', '2023-11-19', '', 'test'), ('PER', 'member', '', '', 'test'),
    ('USA', 'member', '', '', 'test'), ('VEN', 'member', '', '2018-12-31', 'test'), ('VEN', 'disputed', '2019-01-01', '', 'test')
) t(REF_AREA, status, valid_from, valid_to, source);

INSERT INTO comparability BY NAME
SELECT rule, '*' AS INDICATOR, '' AS attribute, '' AS attribute_value, grade, en, es, pt, fr FROM (VALUES
    ('unit-incident', 'D', 'Counts incidents, not persons.', 'Cuenta incidentes, no personas.', 'Conta ocorrências, não pessoas.', 'Compte des incidents et non des personnes.'),
    ('coverage-unknown', 'B', 'The source does not tell its coverage.', 'La fuente no indica su cobertura.', 'A fonte não indica sua cobertura.', 'La source n''indique pas sa couverture.'),
    ('presumed', 'C', 'Counts presumed victims.', 'Cuenta víctimas presuntas.', 'Conta vítimas presumidas.', 'Compte des victimes présumées.'),
    ('censored', 'B', 'Known only within bounds.', 'Conocido solo por sus límites.', 'Conhecido apenas por seus limites.', 'Connu seulement par ses bornes.')
) t(rule, grade, en, es, pt, fr);

INSERT INTO submission BY NAME
SELECT left(file_sha256, 12) AS submission_id, seq, file_sha256, file_name, 1 AS file_bytes, 'xlsx' AS file_format, layout, '1' AS layout_version,
    '00' AS layout_sha256, record, source_agency, CAST(reference_date AS DATE) AS reference_date, CAST(received AS TIMESTAMP) AS received_at, 'run1' AS run_id
FROM (VALUES
    (1, repeat('1', 64), 'pnp_2024.xlsx', 'per-pnp', 'victims', 'PER_PNP', NULL, '2024-02-01 10:00:00'),
    (2, repeat('2', 64), 'pnp_2025.xlsx', 'per-pnp', 'victims', 'PER_PNP', NULL, '2025-10-20 10:00:00'),
    (3, repeat('3', 64), 'glotip.xlsx', 'unodc-glotip', 'victims', 'UNODC', NULL, '2025-03-05 10:00:00'),
    (4, repeat('4', 64), '=cmd|''/c calc''!A1.csv', 'can-sdg', 'victims', 'STATCAN', NULL, '2025-04-06 10:00:00'),
    (5, repeat('5', 64), '18-12.csv', 'untc', 'treaties', 'UNTC', '2015-03-14', '2025-01-10 10:00:00'),
    (6, repeat('6', 64), '18-12a.csv', 'untc', 'treaties', 'UNTC', '2015-03-14', '2025-01-11 10:00:00')
) t(seq, file_sha256, file_name, layout, record, source_agency, reference_date, received);

CREATE TEMP TABLE o (id BIGINT, sub VARCHAR, area VARCHAR, indicator VARCHAR, freq VARCHAR, period VARCHAR, year INTEGER, v DOUBLE,
    lo DOUBLE, hi DOUBLE, status VARCHAR, n_missing INTEGER, grade VARCHAR, reasons VARCHAR[], preferred BOOLEAN, derivation VARCHAR);
INSERT INTO o VALUES
    -- Peru, police: an older vintage (700), a total that its parts contradict, a true zero, a sum that lacks parts, part of a year.
    (1, '1', 'PER', 'VICTIMS_DETECTED', 'A', '2021', 2021, 700, 700, 700, 'A', 0, 'C', ['presumed'], true, 'reported'),
    (2, '2', 'PER', 'VICTIMS_DETECTED', 'A', '2021', 2021, 725, 725, 725, 'A', 0, 'C', ['presumed'], true, 'reported'),
    (3, '2', 'PER', 'VICTIMS_DETECTED', 'A', '2021', 2021, 641, 641, 641, 'A', 0, 'C', ['presumed'], false, 'sum-of-parts'),
    (4, '2', 'PER', 'VICTIMS_DETECTED', 'A', '2022', 2022, 0, 0, 0, 'A', 0, 'C', ['presumed'], true, 'reported'),
    (5, '2', 'PER', 'VICTIMS_DETECTED', 'A', '2023', 2023, 1234, NULL, NULL, 'A', 3, 'C', ['presumed', 'coverage-unknown'], true, 'summed'),
    (6, '2', 'PER', 'VICTIMS_DETECTED', '_O', '2025-01-01/P9M', 2025, 384, 384, 384, 'A', 0, 'C', ['presumed'], true, 'summed'),
    (7, '2', 'PER', 'VICTIMS_DETECTED', 'M', '2025-01', 2025, 40, 40, 40, 'A', 0, 'C', ['presumed'], true, 'reported'),
    -- Peru, UNODC: a second source, censored and a range.
    (10, '3', 'PER', 'VICTIMS_DETECTED', 'A', '2021', 2021, NULL, 0, 4, 'Q', 0, 'B', ['censored'], true, 'reported'),
    (11, '3', 'PER', 'VICTIMS_DETECTED', 'A', '2022', 2022, NULL, 12, 16, 'A', 0, 'B', ['censored'], true, 'sum-of-parts'),
    (12, '3', 'PER', 'VICTIMS_DETECTED', 'A', '2023', 2023, 20, 20, 20, 'A', 0, 'A', [], true, 'reported'),
    -- Argentina and Mexico: plain figures; monthly figures of a year without a total.
    (20, '3', 'ARG', 'VICTIMS_DETECTED', 'A', '2021', 2021, 1150, 1150, 1150, 'A', 0, 'A', [], true, 'reported'),
    (21, '3', 'ARG', 'VICTIMS_DETECTED', 'A', '2022', 2022, 160, 160, 160, 'A', 0, 'A', [], true, 'reported'),
    (30, '3', 'MEX', 'VICTIMS_DETECTED', 'A', '2021', 2021, 200, 200, 200, 'A', 0, 'B', ['coverage-unknown'], true, 'reported'),
    (31, '3', 'MEX', 'VICTIMS_DETECTED', 'M', '2022-01', 2022, 9, 9, 9, 'A', 0, 'B', ['coverage-unknown'], true, 'reported'),
    (32, '3', 'MEX', 'VICTIMS_DETECTED', 'M', '2022-02', 2022, 8, 8, 8, 'A', 0, 'B', ['coverage-unknown'], true, 'reported'),
    -- Canada: fiscal years, incidents.
    (40, '4', 'CAN', 'VICTIMS_DETECTED', 'A', '2021-04-01/P1Y', 2021, 500, 500, 500, 'A', 0, 'D', ['unit-incident'], true, 'reported'),
    (41, '4', 'CAN', 'VICTIMS_DETECTED', 'A', '2022-04-01/P1Y', 2022, 510, 510, 510, 'A', 0, 'D', ['unit-incident'], true, 'reported'),
    -- Brazil: three kinds of nothing.
    (50, '3', 'BRA', 'VICTIMS_DETECTED', 'A', '2021', 2021, NULL, NULL, NULL, 'L', 0, 'A', [], true, 'reported'),
    (51, '3', 'BRA', 'VICTIMS_DETECTED', 'A', '2022', 2022, NULL, NULL, NULL, 'M', 0, 'A', [], true, 'reported'),
    (52, '3', 'BRA', 'VICTIMS_DETECTED', 'A', '2023', 2023, NULL, NULL, NULL, 'Q', 0, 'A', [], true, 'reported'),
    -- Jamaica: provisional; two unlike figures for one thing; a sum of nothing.
    (60, '3', 'JAM', 'VICTIMS_DETECTED', 'A', '2021', 2021, 10, 10, 10, 'P', 0, 'A', [], true, 'reported'),
    (61, '3', 'JAM', 'VICTIMS_DETECTED', 'A', '2022', 2022, 11, 11, 11, 'A', 0, 'A', [], true, 'reported'),
    (62, '3', 'JAM', 'VICTIMS_DETECTED', 'A', '2022', 2022, 13, 13, 13, 'A', 0, 'A', [], true, 'reported'),
    (63, '3', 'JAM', 'VICTIMS_DETECTED', 'A', '2023', 2023, 0, 0, NULL, 'A', 1, 'A', [], true, 'summed'),
    -- Nicaragua: withdrawn in 2023.
    (70, '3', 'NIC', 'VICTIMS_DETECTED', 'A', '2021', 2021, 7, 7, 7, 'A', 0, 'A', [], true, 'reported'),
    -- Stages of justice.
    (80, '3', 'ARG', 'PERSONS_INVESTIGATED', 'A', '2022', 2022, 90, 90, 90, 'A', 0, 'A', [], true, 'reported'),
    (81, '3', 'ARG', 'PERSONS_PROSECUTED', 'A', '2022', 2022, 40, 40, 40, 'A', 0, 'A', [], true, 'reported'),
    (82, '3', 'ARG', 'PERSONS_CONVICTED', 'A', '2022', 2022, NULL, 0, 4, 'Q', 0, 'B', ['censored'], true, 'reported'),
    (83, '3', 'MEX', 'PERSONS_CONVICTED', 'A', '2021', 2021, 12, 12, 12, 'A', 0, 'A', [], true, 'reported'),
    -- Rates.
    (90, '4', 'CAN', 'OFFENCES_RECORDED_RATE', 'A', '2022', 2022, 1.344, NULL, NULL, 'D', 0, 'D', ['unit-incident'], true, 'reported'),
    (91, '3', 'JAM', 'VICTIMS_DETECTED_RATE', 'A', '2022', 2022, 0.4, NULL, NULL, 'A', 0, 'A', [], true, 'reported');

CREATE TEMP MACRO agency(sub) AS CASE WHEN sub IN ('1', '2') THEN 'PER_PNP' WHEN sub = '4' THEN 'STATCAN' ELSE 'UNODC' END;
CREATE TEMP TABLE d AS -- the parts: id, area, year, sex, age, form, citizenship, origin, destination, value, bounds
SELECT * FROM (VALUES
    (100, 'ARG', 2022, 'F', '_T', '_T', '_T', '_T', '_T', 100, 100, 100), (101, 'ARG', 2022, 'F', 'Y0T17', '_T', '_T', '_T', '_T', NULL, 0, 4),
    (102, 'ARG', 2022, 'F', 'Y_GE18', '_T', '_T', '_T', '_T', 97, 97, 97), (103, 'ARG', 2022, 'M', '_T', '_T', '_T', '_T', '_T', 60, 60, 60),
    (113, 'ARG', 2022, '_T', 'Y0T17', '_T', '_T', '_T', '_T', NULL, 8, 12), (114, 'ARG', 2022, '_T', 'Y_GE18', '_T', '_T', '_T', '_T', 148, 148, 148),
    (104, 'ARG', 2022, '_T', '_T', 'SEXUAL', '_T', '_T', '_T', 120, 120, 120), (105, 'ARG', 2022, '_T', '_T', 'LABOUR', '_T', '_T', '_T', 0, 0, 0),
    (106, 'ARG', 2022, '_T', '_T', 'PROSTITUTION', '_T', '_T', '_T', 119, 119, 119),
    (107, 'ARG', 2022, '_T', '_T', '_T', 'BOL', '_T', '_T', 30, 30, 30), (108, 'ARG', 2022, '_T', '_T', '_T', '_U', '_T', '_T', NULL, 0, 4),
    (109, 'ARG', 2022, '_T', '_T', '_T', 'ARG', '_T', '_T', 99, 99, 99), (110, 'MEX', 2021, '_T', '_T', '_T', 'CHL', '_T', '_T', 6, 6, 6),
    (111, 'PER', 2022, '_T', '_T', '_T', '_T', 'BOL', 'PER', 5, 5, 5), (112, 'PER', 2022, '_T', '_T', '_T', '_T', 'PER', 'CHL', NULL, 0, 4)
) t(id, area, year, sex, age, form, citizenship, origin, destination, v, lo, hi);

INSERT INTO observation BY NAME
SELECT id AS obs_id, repeat(sub, 12) AS submission_id, 'total' AS breakdown, freq AS FREQ, area AS REF_AREA, indicator AS INDICATOR,
    '_T' AS SEX, '_T' AS AGE, '_T' AS EXPLOITATION, '_T' AS CITIZENSHIP, '_T' AS ORIGIN, '_T' AS TRANSIT, '_T' AS DESTINATION,
    period AS TIME_PERIOD, year AS REF_YEAR, v AS OBS_VALUE, lo AS LOWER_BOUND, hi AS UPPER_BOUND,
    CASE WHEN indicator LIKE '%RATE' THEN 'PER_100000_POP' ELSE 'NUMBER' END AS UNIT_MEASURE, 0 AS UNIT_MULT, 0 AS DECIMALS,
    status AS OBS_STATUS, 'F' AS CONF_STATUS, CASE WHEN sub = '4' THEN 'INCIDENT' ELSE 'PERSON' END AS COUNTING_UNIT,
    CASE WHEN indicator NOT LIKE 'VICTIMS%' THEN '_Z' WHEN sub IN ('1', '2') THEN 'PRESUMED' ELSE 'DETECTED' END AS VICTIM_STATUS,
    '_U' AS IDENTIFIED_BY, '_U' AS COVERAGE, '' AS LEGAL_ARTICLE, CASE WHEN period LIKE '%/P1Y' THEN year || '/' || (year + 1) ELSE '' END AS PERIOD_AS_REPORTED,
    agency(sub) AS SOURCE_AGENCY, '' AS COMMENT_OBS, derivation, 'test' AS step, preferred, CASE WHEN id = 63 THEN 1 ELSE 12 END AS n_cells, n_missing,
    'Sheet1' AS sheet, 'B' || id AS cell, coalesce(CAST(v AS VARCHAR), '<5') AS raw_text, grade, reasons AS grade_reasons
FROM o
UNION ALL
SELECT id, repeat(CASE WHEN area = 'PER' THEN '2' ELSE '3' END, 12), 'parts', 'A', area, CASE WHEN area = 'PER' THEN 'ROUTE_VICTIMS' ELSE 'VICTIMS_DETECTED' END,
    sex, age, form, citizenship, origin, '_T', destination, CAST(year AS VARCHAR), year, v, lo, hi, 'NUMBER', 0, 0,
    CASE WHEN v IS NULL THEN 'Q' ELSE 'A' END, 'F', 'PERSON', 'DETECTED', '_U', '_U', '', '', CASE WHEN area = 'PER' THEN 'PER_PNP' ELSE 'UNODC' END, '',
    'reported', 'test', true, 1, 0, 'Sheet1', 'C' || id, coalesce(CAST(v AS VARCHAR), '<5'),
    CASE WHEN v IS NULL THEN 'B' ELSE 'A' END, CASE WHEN v IS NULL THEN ['censored'] ELSE [] END
FROM d;

INSERT INTO treaty_action BY NAME
SELECT repeat(sub, 12) AS submission_id, row_number() OVER () AS row_seq, '' AS sheet, row_number() OVER () AS row_no, 'C2' AS cell, raw AS raw_text,
    area AS REF_AREA, CASE WHEN sub = '5' THEN 'UNTOC' ELSE 'TIP_PROTOCOL' END AS INSTRUMENT, act AS ACTION, CAST(day AS DATE) AS ACTION_DATE
FROM (VALUES
    ('5', 'ARG', 'SIGNATURE', '2000-12-12', '12 Dec 2000'), ('5', 'ARG', 'RATIFICATION', '2002-11-19', '19 Nov 2002'),
    ('5', 'USA', 'SIGNATURE', '2000-12-13', '13 Dec 2000'), ('5', 'NIC', 'ACCESSION', '2002-09-09', '9 Sep 2002 a'),
    ('5', 'CAN', 'ACCEPTANCE', '2002-05-13', '13 May 2002 A'),
    ('6', 'ARG', 'RATIFICATION', '2002-11-19', '19 Nov 2002'), ('6', 'JAM', 'RATIFICATION', '2003-09-25', '25 Sep 2003')
) t(sub, area, act, day, raw);

-- What the tables beyond victims and justice need: kinds of record and groups of States, and one case of each in turn.
INSERT INTO codelist BY NAME
SELECT list, code, '' AS parent, 1000 + row_number() OVER () AS position, en, es, pt, fr, 'test' AS source FROM (VALUES
    ('CL_RECORD', 'victims', 'Victims', 'Víctimas', 'Vítimas', 'Victimes'),
    ('CL_RECORD', 'routes', 'Routes', 'Rutas', 'Rotas', 'Itinéraires'),
    ('CL_RECORD', 'prosecutions', 'Prosecutions', 'Persecución penal', 'Persecução penal', 'Poursuites'),
    ('CL_RECORD', 'measures', 'Measures', 'Medidas', 'Medidas', 'Mesures'),
    ('CL_AREA_GROUP', 'OAS', 'OAS', 'OEA', 'OEA', 'OEA'),
    ('CL_AREA_GROUP', 'OAS_NORTH', 'Northern America', 'América septentrional', 'América Setentrional', 'Amérique septentrionale'),
    ('CL_AREA_GROUP', 'OAS_CENTRAL', 'Central America', 'América Central', 'América Central', 'Amérique centrale'),
    ('CL_AREA_GROUP', 'OAS_CARIBBEAN', 'Caribbean', 'El Caribe', 'Caribe', 'Caraïbes'),
    ('CL_AREA_GROUP', 'OAS_SOUTH', 'South America', 'América del Sur', 'América do Sul', 'Amérique du Sud'),
    ('CL_INDICATOR', 'VICTIMS_DETECTED', 'Victims detected', 'Víctimas detectadas', 'Vítimas detectadas', 'Victimes détectées'),
    ('CL_INDICATOR', 'VICTIMS_ASSISTED', 'Victims assisted', 'Víctimas asistidas', 'Vítimas assistidas', 'Victimes prises en charge'),
    ('CL_INDICATOR', 'VICTIMS_REPATRIATED', 'Victims repatriated', 'Víctimas repatriadas', 'Vítimas repatriadas', 'Victimes rapatriées'),
    ('CL_INDICATOR', 'ROUTE_VICTIMS', 'Victims by route', 'Víctimas por ruta', 'Vítimas por rota', 'Victimes par itinéraire'),
    ('CL_INDICATOR', 'OFFENCES_RECORDED', 'Offences recorded', 'Delitos registrados', 'Crimes registrados', 'Infractions enregistrées'),
    ('CL_INDICATOR', 'PERSONS_SENTENCED_PRISON', 'Sentenced to imprisonment', 'Condenadas a prisión', 'Condenadas à prisão', 'Condamnées à l''emprisonnement'),
    ('CL_INDICATOR', 'PERSONS_SENTENCED_OTHER', 'Sentenced to another penalty', 'Condenadas a otra pena', 'Condenadas a outra pena', 'Condamnées à une autre peine'),
    ('CL_INDICATOR', 'SENTENCE_MONTHS', 'Mean length of imprisonment', 'Duración media de la prisión', 'Duração média da prisão', 'Durée moyenne de l''emprisonnement'),
    ('CL_INDICATOR', 'TRAINING_SESSIONS', 'Training sessions', 'Sesiones de capacitación', 'Sessões de capacitação', 'Séances de formation'),
    ('CL_INDICATOR', 'PERSONS_TRAINED', 'Persons trained', 'Personas capacitadas', 'Pessoas capacitadas', 'Personnes formées'),
    ('CL_INDICATOR', 'PREVENTION_ACTIVITIES', 'Prevention activities', 'Actividades de prevención', 'Atividades de prevenção', 'Activités de prévention'),
    ('CL_INDICATOR', 'MLA_REQUESTS', 'Mutual legal assistance', 'Asistencia judicial recíproca', 'Assistência judiciária recíproca', 'Entraide judiciaire'),
    ('CL_INDICATOR', 'EXTRADITIONS', 'Extraditions', 'Extradiciones', 'Extradições', 'Extraditions'),
    ('CL_INDICATOR', 'ASSETS_CONFISCATED', 'Assets confiscated', 'Bienes decomisados', 'Bens confiscados', 'Avoirs confisqués'),
    ('CL_INDICATOR', 'RESIDENCE_PERMITS', 'Residence permits', 'Permisos de residencia', 'Autorizações de residência', 'Titres de séjour'),
    ('CL_INDICATOR', 'POPULATION', 'Population', 'Población', 'População', 'Population'),
    ('CL_COUNTING_UNIT', 'ACTIVITY', 'Activities', 'Actividades', 'Atividades', 'Activités'),
    ('CL_COUNTING_UNIT', 'AMOUNT', 'Amount of money', 'Importe en dinero', 'Valor em dinheiro', 'Montant en argent')
) t(list, code, en, es, pt, fr);
UPDATE codelist SET parent = CASE WHEN code LIKE 'VICTIMS%' THEN 'victims' WHEN code = 'ROUTE_VICTIMS' THEN 'routes' WHEN code = 'POPULATION' THEN 'population'
    WHEN code LIKE 'PERSONS_TR%' OR code IN ('TRAINING_SESSIONS', 'PREVENTION_ACTIVITIES', 'MLA_REQUESTS', 'EXTRADITIONS', 'ASSETS_CONFISCATED', 'RESIDENCE_PERMITS') THEN 'measures'
    ELSE 'prosecutions' END WHERE list = 'CL_INDICATOR';

INSERT INTO area_group BY NAME
SELECT *, 'member' AS status, '' AS valid_from, '' AS valid_to, 'test' AS source FROM (VALUES
    ('OAS_NORTH', 'CAN'), ('OAS_NORTH', 'USA'), ('OAS_CENTRAL', 'MEX'), ('OAS_CENTRAL', 'NIC'), ('OAS_CARIBBEAN', 'CUB'), ('OAS_CARIBBEAN', 'JAM'),
    ('OAS_SOUTH', 'ARG'), ('OAS_SOUTH', 'BRA'), ('OAS_SOUTH', 'PER'), ('OAS_SOUTH', 'VEN')
) t(area_group, REF_AREA);

INSERT INTO submission BY NAME
SELECT left(file_sha256, 12) AS submission_id, seq, file_sha256, file_name, 1 AS file_bytes, 'csv' AS file_format, layout, '1' AS layout_version,
    '00' AS layout_sha256, record, 'UNODC' AS source_agency, NULL::DATE AS reference_date, CAST(received AS TIMESTAMP) AS received_at, 'run1' AS run_id
FROM (VALUES
    (7, repeat('7', 64), 'population.csv', 'population', 'population', '2025-05-01 10:00:00'),
    (8, repeat('8', 64), 'forms.csv', 'form', 'measures', '2025-06-01 10:00:00')
) t(seq, file_sha256, file_name, layout, record, received);

CREATE TEMP TABLE m (id BIGINT, sub VARCHAR, area VARCHAR, indicator VARCHAR, year INTEGER, unit VARCHAR, origin VARCHAR, transit VARCHAR,
    destination VARCHAR, v DOUBLE, lo DOUBLE, hi DOUBLE, status VARCHAR);
INSERT INTO m VALUES
    -- Population: exact, and estimated by its source. Peru has none: no rate.
    (200, '7', 'ARG', 'POPULATION', 2022, 'PERSON', '_Z', '_Z', '_Z', 46000000, 46000000, 46000000, 'A'),
    (201, '7', 'JAM', 'POPULATION', 2021, 'PERSON', '_Z', '_Z', '_Z', 2800000, 2800000, 2800000, 'E'),
    (202, '7', 'CAN', 'POPULATION', 2022, 'PERSON', '_Z', '_Z', '_Z', 39000000, 39000000, 39000000, 'A'),
    -- One flow that both ends report, one of them within bounds; one that only its destination reports.
    (210, '8', 'ARG', 'ROUTE_VICTIMS', 2022, 'PERSON', 'PER', '_T', 'ARG', 12, 12, 12, 'A'),
    (211, '8', 'PER', 'ROUTE_VICTIMS', 2022, 'PERSON', 'PER', '_T', 'ARG', NULL, 5, 8, 'A'),
    (212, '8', 'MEX', 'ROUTE_VICTIMS', 2022, 'PERSON', 'ARG', '_T', 'MEX', 3, 3, 3, 'A'),
    (213, '8', 'ARG', 'ROUTE_VICTIMS', 2022, 'PERSON', 'PER', 'BOL', 'ARG', 9, 9, 9, 'A'),
    (214, '8', 'ARG', 'ROUTE_VICTIMS', 2022, 'PERSON', 'ARG', '_T', 'ARG', 40, 40, 40, 'A'),
    (215, '8', 'ARG', 'ROUTE_VICTIMS', 2022, 'PERSON', '_T', '_T', '_T', 55, 55, 55, 'A'),
    (216, '8', 'ARG', 'ROUTE_VICTIMS', 2022, 'PERSON', 'BOL', '_T', 'ARG', NULL, 0, 4, 'Q'),
    -- Care, justice and measures.
    (220, '8', 'ARG', 'VICTIMS_ASSISTED', 2022, 'PERSON', '_T', '_T', '_T', 130, 130, 130, 'A'),
    (221, '8', 'MEX', 'VICTIMS_REPATRIATED', 2022, 'PERSON', '_T', '_T', '_T', 0, 0, 0, 'A'),
    (222, '8', 'ARG', 'OFFENCES_RECORDED', 2022, 'OFFENCE', '_T', '_T', '_T', 77, 77, 77, 'A'),
    (230, '8', 'ARG', 'PERSONS_SENTENCED_PRISON', 2022, 'PERSON', '_T', '_T', '_T', 9, 9, 9, 'A'),
    (231, '8', 'ARG', 'PERSONS_SENTENCED_OTHER', 2022, 'PERSON', '_T', '_T', '_T', NULL, NULL, NULL, 'L'),
    (232, '8', 'ARG', 'SENTENCE_MONTHS', 2022, 'PERSON', '_T', '_T', '_T', 64, 64, 64, 'A'),
    (240, '8', 'MEX', 'TRAINING_SESSIONS', 2022, 'ACTIVITY', '_T', '_T', '_T', 12, 12, 12, 'A'),
    (241, '8', 'MEX', 'PERSONS_TRAINED', 2022, 'PERSON', '_T', '_T', '_T', 340, 340, 340, 'A'),
    (242, '8', 'MEX', 'PREVENTION_ACTIVITIES', 2022, 'ACTIVITY', '_T', '_T', '_T', 5, 5, 5, 'A'),
    (243, '8', 'MEX', 'MLA_REQUESTS', 2022, 'REQUEST', '_T', '_T', '_T', 2, 2, 2, 'A'),
    (244, '8', 'MEX', 'EXTRADITIONS', 2022, 'PERSON', '_T', '_T', '_T', 0, 0, 0, 'A'),
    (245, '8', 'MEX', 'ASSETS_CONFISCATED', 2022, 'AMOUNT', '_T', '_T', '_T', 150000.5, 150000.5, 150000.5, 'A'),
    (246, '8', 'MEX', 'RESIDENCE_PERMITS', 2022, 'PERSON', '_T', '_T', '_T', NULL, NULL, NULL, 'M'),
    (247, '8', 'ARG', 'RESIDENCE_PERMITS', 2022, 'PERSON', '_T', '_T', '_T', 3, 3, 3, 'A'),
    -- With Mexico's, convictions of more than half of the States of a subregion.
    (248, '8', 'NIC', 'PERSONS_CONVICTED', 2021, 'PERSON', '_T', '_T', '_T', 1, 1, 1, 'A');

INSERT INTO observation BY NAME
SELECT id AS obs_id, repeat(sub, 12) AS submission_id, 'total' AS breakdown, 'A' AS FREQ, area AS REF_AREA, indicator AS INDICATOR,
    '_T' AS SEX, '_T' AS AGE, '_T' AS EXPLOITATION, '_T' AS CITIZENSHIP, origin AS ORIGIN, transit AS TRANSIT, destination AS DESTINATION,
    CAST(year AS VARCHAR) AS TIME_PERIOD, year AS REF_YEAR, v AS OBS_VALUE, lo AS LOWER_BOUND, hi AS UPPER_BOUND,
    CASE WHEN indicator = 'SENTENCE_MONTHS' THEN 'MONTH' ELSE 'NUMBER' END AS UNIT_MEASURE, 0 AS UNIT_MULT, 0 AS DECIMALS, status AS OBS_STATUS,
    'F' AS CONF_STATUS, unit AS COUNTING_UNIT, '_Z' AS VICTIM_STATUS, '_Z' AS IDENTIFIED_BY, 'NATIONAL' AS COVERAGE, '' AS LEGAL_ARTICLE,
    '' AS PERIOD_AS_REPORTED, 'UNODC' AS SOURCE_AGENCY, '' AS COMMENT_OBS, 'reported' AS derivation, 'test' AS step, true AS preferred, 1 AS n_cells,
    0 AS n_missing, '' AS sheet, 'D' || id AS cell, coalesce(CAST(v AS VARCHAR), '') AS raw_text, 'A' AS grade, [] AS grade_reasons
FROM m;
