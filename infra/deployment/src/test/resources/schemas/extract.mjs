// Writes the JSON Schemas that lie beside it, from the types of npm's @kubernetes-models: README.md says how.
// node extract.mjs FOLDER, in which the packages and TypeScript 5 are installed.
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFileSync, writeFileSync } from 'node:fs';

const modules = join(resolve(process.argv[2] ?? '.'), 'node_modules');
const ts = createRequire(join(modules, 'x.js'))('typescript');
const here = dirname(fileURLToPath(import.meta.url));

// What the manifests use, and nothing else.
const WANTED = {
  keda: ['keda.sh/v1alpha1/ScaledObject', 'keda.sh/v1alpha1/TriggerAuthentication'],
  'external-secrets': ['external-secrets.io/v1/ExternalSecret', 'external-secrets.io/v1/SecretStore'],
  'cloudnative-pg': ['postgresql.cnpg.io/v1/Cluster'],
  'argo-rollouts': ['argoproj.io/v1alpha1/Rollout', 'argoproj.io/v1alpha1/AnalysisTemplate'],
  'strimzi-kafka-operator': [
    'kafka.strimzi.io/v1/Kafka',
    'kafka.strimzi.io/v1/KafkaNodePool',
    'kafka.strimzi.io/v1/KafkaTopic',
    'kafka.strimzi.io/v1/KafkaUser',
  ],
};

const files = Object.entries(WANTED).flatMap(([name, kinds]) =>
  kinds.map((kind) => ({ name, kind, file: join(modules, '@kubernetes-models', name, `${kind}.d.ts`) })),
);
const program = ts.createProgram(
  files.map((each) => each.file),
  {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    strict: true,
    skipLibCheck: true,
    types: [],
  },
);
const checker = program.getTypeChecker();

function schemaOf(root) {
  const named = {};

  function of(type) {
    if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return {};
    if (type.isUnion()) return union(type.types);
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if (type.flags & ts.TypeFlags.BooleanLiteral) return { const: checker.typeToString(type) === 'true' };
    if (type.flags & ts.TypeFlags.String) return { type: 'string' };
    if (type.flags & ts.TypeFlags.Number) return { type: 'number' };
    if (checker.isArrayType(type)) return { type: 'array', items: of(checker.getTypeArguments(type)[0]) };
    if (type.flags & ts.TypeFlags.Object || type.isIntersection()) return object(type);
    throw new Error(`No schema for ${checker.typeToString(type)}`);
  }

  function union(types) {
    const real = types.filter((each) => !(each.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)));
    const booleans = real.filter((each) => each.flags & ts.TypeFlags.BooleanLiteral);
    const schemas = real.filter((each) => !booleans.includes(each)).map(of);
    if (booleans.length === 2) schemas.push({ type: 'boolean' });
    else schemas.push(...booleans.map(of));
    if (schemas.length === 1) return schemas[0];
    if (schemas.every((each) => 'const' in each)) return { enum: schemas.map((each) => each.const).sort() };
    return { anyOf: schemas };
  }

  function object(type) {
    const name = (type.aliasSymbol ?? type.symbol)?.name ?? '__type';
    if (name.startsWith('__')) return members(type);
    const id = `${name}-${createHash('sha256').update(type.symbol.declarations[0].getSourceFile().fileName.slice(modules.length)).digest('hex').slice(0, 6)}`;
    if (!(id in named)) {
      named[id] = {};
      named[id] = members(type);
    }
    return { $ref: `#/$defs/${id}` };
  }

  function members(type) {
    const properties = {};
    const required = [];
    for (const property of [...checker.getPropertiesOfType(type)].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      properties[property.name] = of(checker.getTypeOfSymbol(property));
      if (!(property.flags & ts.SymbolFlags.Optional)) required.push(property.name);
    }
    const index = checker.getIndexTypeOfType(type, ts.IndexKind.String);
    // The CRD lists its members, so any other is a mistake; unless it says that it keeps unknown ones.
    const others = index ? of(index) : Object.keys(properties).length > 0 ? false : {};
    const schema = { type: 'object', additionalProperties: others };
    if (Object.keys(properties).length > 0) schema.properties = properties;
    if (required.length > 0) schema.required = required;
    return schema;
  }

  const body = members(root);
  delete body.properties.status;
  return shared(body, named);
}

// What stands there again and again stands once. Only what the root still reaches is kept.
function shared(body, named) {
  const counts = new Map();
  const key = (value) => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 10);
  const isBig = (value) => value?.type === 'object' && value.properties && JSON.stringify(value).length > 200;
  const children = (value) => (value && typeof value === 'object' ? Object.values(value) : []);
  const count = (value) => {
    if (isBig(value)) {
      const seen = counts.get(key(value)) ?? 0;
      counts.set(key(value), seen + 1);
      if (seen > 0) return;
    }
    children(value).forEach(count);
  };
  [body, ...Object.values(named)].forEach(count);
  const defs = {};
  const put = (value, top) => {
    if (!top && isBig(value) && counts.get(key(value)) > 1) {
      const id = `Shared-${key(value)}`;
      if (!(id in defs)) {
        defs[id] = {};
        defs[id] = put(value, true);
      }
      return { $ref: `#/$defs/${id}` };
    }
    if (Array.isArray(value)) return value.map((each) => put(each, false));
    if (!value || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => {
        if (name === '$ref') {
          const id = each.slice('#/$defs/'.length);
          if (!(id in defs)) {
            defs[id] = {};
            defs[id] = put(named[id], true);
          }
        }
        return [name, put(each, false)];
      }),
    );
  };
  const schema = put(body, true);
  return {
    ...schema,
    $defs: Object.fromEntries(Object.entries(defs).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

for (const { name, kind, file } of files) {
  const [group, version, title] = kind.split('/');
  const source = program.getSourceFile(file);
  if (!source) throw new Error(`There is no ${file}`);
  const symbol = checker
    .getExportsOfModule(checker.getSymbolAtLocation(source))
    .find((each) => each.name === `I${title}`);
  const release = JSON.parse(readFileSync(join(modules, '@kubernetes-models', name, 'package.json'))).version;
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title,
    $comment: `From @kubernetes-models/${name} ${release} (MIT) by extract.mjs; not edited.`,
    ...schemaOf(checker.getDeclaredTypeOfSymbol(symbol)),
  };
  writeFileSync(join(here, `${group}_${version}_${title}.json`), `${JSON.stringify(schema)}\n`);
}
