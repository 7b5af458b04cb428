// Asks a service by sdmx-rest (https://github.com/sosna/sdmx-rest4js), which builds the
// URLs, asks, and checks status and media type of each answer. Prints what came.
const sdmx = require('sdmx-rest')

async function main(url) {
  const service = sdmx.getService({
    url, api: 'v2.0.0',
    format: sdmx.data.DataFormat.SDMX_JSON_2_0_0,
    structureFormat: sdmx.metadata.MetadataFormat.SDMX_JSON_2_0_0,
    schemaFormat: sdmx.schema.SchemaFormat.SDMX_ML_3_0_0_STRUCTURE
  })
  const ask = async (query, accept) => {
    const answer = await sdmx.request2(query, service, accept ? { headers: { accept } } : {})
    sdmx.checkStatus(query, answer)
    sdmx.checkMediaType(accept || answer.headers.get('content-type'), answer)
    return answer.text()
  }
  const context = 'dataflow=OAS:TIP(1.0.0)'
  const said = {}

  const data = JSON.parse(await ask(sdmx.getDataQuery2({
    context, key: 'A.ARG', filters: ['INDICATOR=VICTIMS_DETECTED,PERSONS_CONVICTED', 'TIME_PERIOD=ge:2021+le:2022'], lastNObs: 1
  })))
  said.series = Object.keys(data.data.dataSets[0].series).length
  said.structure = data.data.structures[0].links[0].urn

  const csv = await ask(sdmx.getDataQuery2({ context, key: 'A.ARG', obsDimension: 'AllDimensions', attributes: 'OBS_STATUS' }), sdmx.data.DataFormat.SDMX_CSV_2_0_0)
  said.csv = csv.split('\n')[0]
  const xml = await ask(sdmx.getDataQuery2({ context }), sdmx.data.DataFormat.SDMX_ML_3_0_0)
  said.xml = /<mes:StructureSpecificData /.test(xml)

  const structure = JSON.parse(await ask(sdmx.getMetadataQuery({ resource: 'datastructure', agency: 'OAS', id: 'TIP', references: 'children' })))
  said.codelists = structure.data.codelists.length
  const item = JSON.parse(await ask(sdmx.getMetadataQuery({ resource: 'codelist', agency: 'OAS', id: 'CL_SEX', item: 'F' })))
  said.items = item.data.codelists[0].codes.map(c => c.id)

  const there = JSON.parse(await ask(sdmx.getAvailabilityQuery2({ context, key: 'A.ARG', component: 'SEX', mode: 'available' })))
  said.available = there.data.dataConstraints[0].cubeRegions[0].keyValues.map(v => v.id)

  const schema = JSON.parse(await ask(sdmx.getSchemaQuery({ context: 'dataflow', agency: 'OAS', id: 'TIP' }), 'application/vnd.sdmx.structure+json;version=2.0.0'))
  said.schema = Object.keys(schema.data).sort()

  try {
    await ask(sdmx.getDataQuery2({ context, key: 'A.XXX' }))
  } catch (e) {
    said.nothing = e.message
  }
  console.log(JSON.stringify(said, null, 1))
}

main(process.argv[2]).catch(e => { console.error(e); process.exitCode = 1 })
