// ai-guard: which calls a request reaches, what stands before the router that takes it, and whether anything runs the program that makes it.
import { afterEach, describe, expect, it } from 'vitest'
import guard from '../../../src/checks/deploy/ai-guard.ts'
import aiUse from '../../../src/facts/ai/ai-use.ts'
import deployment from '../../../src/facts/repo/deployment.ts'
import pipelines from '../../../src/facts/repo/pipelines.ts'
import stack from '../../../src/facts/repo/stack.ts'
import tree from '../../../src/facts/repo/tree.ts'
import { judgeRepo } from '../../support/judge-repo.ts'
import { makeRepo, type TestRepo } from '../../support/repo.ts'

const collectors = { tree, stack, aiUse, pipelines, deployment }
const made: TestRepo[] = []
afterEach(() => {
  for (const one of made.splice(0)) one.dispose()
})

type Files = Record<string, string>

/** How sure the check is that anybody may use the model; null where it does not say so. */
const openness = async (files: Files): Promise<string | null> => {
  const repo = makeRepo({ 'package.json': '{ "dependencies": { "openai": "5", "express": "5" } }', ...files })
  made.push(repo)
  repo.commit('first')
  const { findings } = await judgeRepo(guard, repo.root, collectors)
  return findings.find(({ outcome }) => outcome === 'no-authentication')?.confidence ?? null
}

const call = 'client.chat.completions.create({ max_tokens: 9, messages: req.body })'
const head = "import OpenAI from 'openai'\nconst client = new OpenAI()\n"
const required = "const OpenAI = require('openai')\nconst client = new OpenAI()\n"
const python = 'from openai import OpenAI\n\nclient = OpenAI()\n\n'
const asking = 'client.responses.create(model="x", max_output_tokens=9, input=request)'

const controller = {
  'src/controllers/aiController.js': `${head}export const sum = async (req, res) => {\n  res.json(await ${call})\n}\n\nexport const rate = async (req, res) => {\n  res.json({})\n}\n`,
}
const commonjs = {
  'src/controllers/aiController.js': `${required}exports.sum = async (req, res) => {\n  res.json(await ${call})\n}\n\nexports.rate = async (req, res) => {\n  res.json({})\n}\n`,
}
const app = (lines: string): string =>
  `import express from 'express'\n${lines}\nconst app = express()\napp.use('/ai', router)\napp.listen(3000)\n`
const server = { 'src/server.js': app("import router from './routes/aiRoutes.js'") }
const routes = (text: string): Files => ({
  ...server,
  'src/routes/aiRoutes.js': `import express from 'express'\n${text}\nexport default router\n`,
})

describe('a handler that JavaScript exports', () => {
  it.each<[string, Files, string | null]>([
    ['nobody imports the file', { ...controller, ...server }, null],
    [
      'a route takes another export of the file',
      {
        ...controller,
        ...routes(
          "import { rate } from '../controllers/aiController.js'\nconst router = express.Router()\nrouter.post('/rate', requireAuth, rate)",
        ),
      },
      null,
    ],
    [
      'a route takes it',
      {
        ...controller,
        ...routes(
          "import { sum } from '../controllers/aiController.js'\nconst router = express.Router()\nrouter.post('/sum', sum)",
        ),
      },
      'certain',
    ],
    [
      'a route takes it under another name',
      {
        ...controller,
        ...routes(
          "import { sum as add } from '../controllers/aiController.js'\nconst router = express.Router()\nrouter.post('/sum', add)",
        ),
      },
      'certain',
    ],
    [
      'a route of another variable takes it',
      {
        ...controller,
        'src/server.js':
          "import express from 'express'\nimport { sum } from './controllers/aiController.js'\nconst web = express()\nweb.post('/sum', sum)\nweb.listen(3000)\n",
      },
      'certain',
    ],
    [
      'a route takes it from the file as a whole',
      {
        ...commonjs,
        'src/server.js':
          "const express = require('express')\nconst ai = require('./controllers/aiController')\nconst app = express()\napp.post('/sum', ai.sum)\napp.listen(3000)\n",
      },
      'certain',
    ],
    [
      'a route takes another from the file as a whole',
      {
        ...commonjs,
        'src/server.js':
          "const express = require('express')\nconst ai = require('./controllers/aiController')\nconst app = express()\napp.post('/rate', ai.rate)\napp.listen(3000)\n",
      },
      null,
    ],
    [
      'a route takes it out of a require',
      {
        ...commonjs,
        'src/server.js':
          "const express = require('express')\nconst app = express()\napp.post('/sum', require('./controllers/aiController').sum)\napp.listen(3000)\n",
      },
      'certain',
    ],
    [
      'a file hands it on',
      {
        ...controller,
        'src/controllers/index.js': "export * from './aiController.js'\n",
        ...routes(
          "import { sum } from '../controllers/index.js'\nconst router = express.Router()\nrouter.post('/sum', sum)",
        ),
      },
      'certain',
    ],
    [
      'a path that is not followed ends in its name',
      {
        ...controller,
        ...routes(
          "import { sum } from 'src-root/controllers/aiController.js'\nconst router = express.Router()\nrouter.post('/sum', sum)",
        ),
      },
      'certain',
    ],
    [
      'a folder is loaded as a whole',
      {
        ...commonjs,
        'src/server.js':
          "const express = require('express')\nconst app = express()\nfor (const file of fs.readdirSync(path.join(__dirname, 'controllers'))) {\n  mount(app, require(`./controllers/${file}`))\n}\napp.listen(3000)\n",
      },
      'possible',
    ],
    [
      'another folder is loaded as a whole',
      {
        ...commonjs,
        'src/server.js':
          "const express = require('express')\nconst app = express()\nfor (const file of fs.readdirSync(path.join(__dirname, 'models'))) {\n  load(require(`./models/${file}`))\n}\napp.listen(3000)\n",
      },
      null,
    ],
    [
      'the settings of a test name the folder',
      {
        ...controller,
        ...server,
        'jest.config.js': "module.exports = { collectCoverageFrom: ['src/controllers/**/*.js'] }\n",
      },
      null,
    ],
    [
      'a route names it as a text',
      { ...controller, 'start/routes.js': "Route.post('/sum', 'aiController.sum')\n" },
      'possible',
    ],
    [
      'a platform is told of it',
      {
        ...controller,
        'serverless.yml':
          'functions:\n  sum:\n    handler: src/controllers/aiController.sum\n    events:\n      - httpApi: POST /sum\n',
      },
      'certain',
    ],
    [
      'an object of methods is taken as a whole',
      {
        'src/controllers/aiController.js': `${head}class AiController {\n  sum = async (req, res) => {\n    res.json(await ${call})\n  }\n}\n\nexport default new AiController()\n`,
        ...routes(
          "import ai from '../controllers/aiController.js'\nconst router = express.Router()\nrouter.post('/sum', ai.sum)",
        ),
      },
      'certain',
    ],
    [
      'a table of routes hands it on',
      {
        ...controller,
        'src/table.js':
          "import { sum } from './controllers/aiController.js'\nexport const table = [['post', '/sum', sum]]\n",
        'src/server.js':
          "import express from 'express'\nimport { table } from './table.js'\nconst app = express()\nfor (const [how, path, take] of table) app[how](path, take)\napp.listen(3000)\n",
      },
      'certain',
    ],
  ])('%s', async (_name, files, expected) => {
    expect(await openness(files)).toBe(expected)
  })
})

describe('a router that JavaScript makes', () => {
  const router = {
    'src/routes/aiRoutes.js': `${head}import { Router } from 'express'\nconst router = Router()\nrouter.post('/sum', async (req, res) => {\n  res.json(await ${call})\n})\nexport default router\n`,
  }
  const plugin = {
    'src/ai/plugin.js': `${head}export default async function routes(fastify) {\n  fastify.post('/sum', async req => ${call})\n}\n`,
  }
  const nest = {
    'src/ai.controller.ts': `${head}import { Controller, Post } from '@nestjs/common'\n@Controller('ai')\nexport class AiController {\n  @Post()\n  sum(@Body() req) {\n    return ${call}\n  }\n}\n`,
  }
  const made = "import fastify from 'fastify'\nconst app = fastify()\n"

  it.each<[string, Files, string | null]>([
    ['nobody mounts it', router, null],
    ['an app mounts it', { ...router, ...server }, 'certain'],
    [
      'a router that nobody mounts takes it',
      {
        ...router,
        'src/routes/all.js':
          "import { Router } from 'express'\nimport ai from './aiRoutes.js'\nconst router = Router()\nrouter.use('/ai', ai)\nexport default router\n",
      },
      null,
    ],
    [
      'an app of its own',
      { 'src/ai.js': router['src/routes/aiRoutes.js'].replace('Router()', 'express()') },
      'certain',
    ],
    ['no app takes the plugin', plugin, null],
    [
      'an app takes the plugin',
      { ...plugin, 'src/server.js': `${made}app.register(import('./ai/plugin.js'))\n` },
      'certain',
    ],
    ['no module holds the controller', nest, null],
    [
      'a module holds the controller',
      {
        ...nest,
        'src/app.module.ts':
          "import { AiController } from './ai.controller'\n@Module({ controllers: [AiController] })\nexport class AppModule {}\n",
      },
      'certain',
    ],
    [
      'the controllers of a folder are loaded',
      {
        ...nest,
        'src/main.ts': "createExpressServer({ controllers: [__dirname + '/**/*.controller.ts'] }).listen(3000)\n",
      },
      'possible',
    ],
  ])('%s', async (_name, files, expected) => {
    expect(await openness(files)).toBe(expected)
  })

  it.each([
    ['pages/api/sum.js', `export default async function handler(req, res) {\n  res.json(await ${call})\n}\n`],
    ['app/api/sum/route.ts', `export async function POST(req) {\n  return Response.json(await ${call})\n}\n`],
    ['server/api/sum.post.ts', `export default defineEventHandler(async req => ${call})\n`],
    ['netlify/functions/sum.js', `export const handler = async req => ${call}\n`],
    ['api/sum.js', `export default async (req, res) => res.json(await ${call})\n`],
    ['functions/sum.js', `export const onRequestPost = async req => ${call}\n`],
    ['app/routes/sum.ts', `export async function action(req) {\n  return ${call}\n}\n`],
    ['src/handlers/sum.js', `exports.handler = async (req, context) => ${call}\n`],
    ['supabase/functions/sum/index.ts', `Deno.serve(async req => ${call})\n`],
  ])('that lies where a framework looks for it: %s', async (path, text) => {
    expect(await openness({ [path]: head + text })).toBe('certain')
  })
})

describe('a handler of another language', () => {
  const fastapi = {
    'requirements.txt': 'openai\nfastapi\n',
    'app/routers/ai.py': `from fastapi import APIRouter\n${python}router = APIRouter()\n\n@router.post("/sum")\ndef summarize(request):\n    return ${asking}\n`,
  }
  const main = (lines: string): Files => ({ 'app/main.py': `from fastapi import FastAPI\n${lines}\n` })
  const views = {
    'requirements.txt': 'openai\ndjango\n',
    'shop/views.py': `${python}def summarize(request):\n    return ${asking}\n\n\ndef listing(request):\n    return 1\n`,
  }
  const urls = (lines: string): Files => ({ 'shop/urls.py': `from django.urls import path\n${lines}\n` })
  const go = (main: string): Files => ({
    'go.mod': 'module acme\n\nrequire github.com/sashabaranov/go-openai v1.0.0\n',
    'main.go': `package main\n\nfunc main() {\n${main}}\n`,
    'handlers/ask.go':
      'package handlers\n\nimport "github.com/sashabaranov/go-openai"\n\nfunc Ask(c *gin.Context) {\n\tclient := openai.NewClient(os.Getenv("OPENAI_API_KEY"))\n\tclient.CreateChatCompletion(c, openai.ChatCompletionRequest{MaxTokens: 9})\n}\n',
  })
  const laravel = (routes: string): Files => ({
    'composer.json': '{ "require": { "openai-php/client": "1" } }',
    'app/Http/Controllers/AskController.php':
      "<?php\nnamespace App\\Http\\Controllers;\nclass AskController extends Controller\n{\n    public function ask($request)\n    {\n        $client = OpenAI::client(env('OPENAI_API_KEY'));\n        return $client->chat()->create(['max_tokens' => 9]);\n    }\n}\n",
    'routes/web.php': `<?php\n${routes}\n`,
  })

  it.each<[string, Files, string | null]>([
    ['FastAPI: nobody includes the router', { ...fastapi, ...main('app = FastAPI()') }, null],
    [
      'FastAPI: the router is included by its module',
      { ...fastapi, ...main('from app.routers import ai\napp = FastAPI()\napp.include_router(ai.router)') },
      'certain',
    ],
    [
      'FastAPI: the router is included by its name',
      { ...fastapi, ...main('from .routers.ai import router as ai\napp = FastAPI()\napp.include_router(ai)') },
      'certain',
    ],
    [
      'FastAPI: the routers of a folder are loaded',
      {
        ...fastapi,
        ...main(
          'app = FastAPI()\nfor found in pkgutil.iter_modules(["app/routers"]):\n    app.include_router(importlib.import_module(f"app.routers.{found.name}").router)',
        ),
      },
      'possible',
    ],
    [
      'FastAPI: an app of its own',
      {
        ...fastapi,
        'app/routers/ai.py': fastapi['app/routers/ai.py']
          .replaceAll('router', 'app')
          .replaceAll('APIRouter', 'FastAPI'),
      },
      'certain',
    ],
    [
      'Flask: nobody registers the blueprint',
      {
        ...main('app = Flask(__name__)'),
        'app/ai.py': fastapi['app/routers/ai.py'].replaceAll('router', 'bp').replaceAll('APIRouter', 'Blueprint'),
      },
      null,
    ],
    [
      'Django: no address names the view',
      { ...views, ...urls('from . import views\nurlpatterns = [path("", views.listing)]') },
      null,
    ],
    [
      'Django: an address names the view',
      { ...views, ...urls('from . import views\nurlpatterns = [path("", views.summarize)]') },
      'certain',
    ],
    ['Go: nothing names the function', go('\tr := gin.Default()\n\tr.Run()\n'), null],
    [
      'Go: a route names the function',
      go('\tr := gin.Default()\n\tr.POST("/ask", handlers.Ask)\n\tr.Run()\n'),
      'certain',
    ],
    ['Laravel: no route names the controller', laravel("Route::get('/', fn () => 1);"), null],
    [
      'Laravel: a route names the controller',
      laravel("use App\\Http\\Controllers\\AskController;\nRoute::post('/ask', [AskController::class, 'ask']);"),
      'certain',
    ],
  ])('%s', async (_name, files, expected) => {
    expect(await openness(files)).toBe(expected)
  })
})

describe('a guard before the router', () => {
  const open = {
    'src/routes/ai.js': `${required}const router = require('express').Router()\nrouter.post('/sum', async (req, res) => {\n  res.json(await ${call})\n})\nmodule.exports = router\n`,
    'src/middleware/admin.js':
      'exports.adminOnly = (req, res, next) => (req.admin ? next() : res.status(401).end())\nexports.log = (req, res, next) => next()\nexports.authPage = 1\n',
    'src/middleware/auth.js':
      'module.exports = () => (req, res, next) => (check(req) ? next() : res.status(401).end())\nmodule.exports.required = module.exports\n',
    'src/middleware/count.js':
      "const rateLimit = require('express-rate-limit')\nexports.limiter = rateLimit({ max: 9 })\n",
    'src/routes/open.js': 'module.exports = 1\n',
  }
  const mounted = (lines: string, router = "const ai = require('./routes/ai')\n"): Files => ({
    ...open,
    'src/server.js': `const express = require('express')\n${router}const app = express()\n${lines}\napp.listen(3000)\n`,
  })
  it.each<[string, Files, string | null]>([
    ['none', mounted("app.use('/ai', ai)"), 'certain'],
    ['a member of a require', mounted("app.use('/ai', require('./middleware/admin').adminOnly, ai)"), null],
    ['a require that is called', mounted("app.use('/ai', require('./middleware/auth')({ role: 'admin' }), ai)"), null],
    ['a require as it is', mounted("app.use('/ai', require('./middleware/auth'), ai)"), null],
    [
      'a member of a require, before all',
      mounted("app.use(require('./middleware/admin').adminOnly)\napp.use('/ai', ai)"),
      null,
    ],
    [
      'a member of a require, before all below',
      mounted("app.use('/ai', require('./middleware/admin').adminOnly)\napp.use('/ai', ai)"),
      null,
    ],
    [
      'a member of a require, before all elsewhere',
      mounted("app.use('/admin', require('./middleware/admin').adminOnly)\napp.use('/ai', ai)"),
      'certain',
    ],
    [
      'a member of a require, and the router out of one',
      mounted("app.use('/ai', require('./middleware/admin').adminOnly, require('./routes/ai'))", ''),
      null,
    ],
    [
      'before another router',
      mounted(
        "app.use('/open', require('./middleware/admin').adminOnly, require('./routes/open'))\napp.use('/ai', ai)",
      ),
      'certain',
    ],
    [
      'before one of two',
      mounted("app.use('/admin', require('./middleware/admin').adminOnly, ai)\napp.use('/ai', ai)"),
      'certain',
    ],
    [
      'a router that is named for a guard',
      mounted("app.use('/auth', require('./middleware/auth'))\napp.use('/ai', ai)"),
      'certain',
    ],
    [
      'a member of a guard',
      mounted(
        "app.use('/ai', auth.required(), ai)",
        "const auth = require('./middleware/auth')\nconst ai = require('./routes/ai')\n",
      ),
      null,
    ],
    [
      'a limit that looks who is there, before a router where a framework looks for addresses',
      {
        'server/routes/ai.js': open['src/routes/ai.js'],
        'server/limit.js':
          'exports.userLimiter = (req, res, next) => (count(req.user) > 9 ? res.status(429).end() : next())\n',
        'server/index.js':
          "const express = require('express')\nconst ai = require('./routes/ai')\nconst { userLimiter } = require('./limit')\nconst app = express()\napp.use('/ai', userLimiter, ai)\napp.listen(3000)\n",
      },
      'certain',
    ],
    [
      'of addresses that a name stands for',
      {
        'server/routes/ai.js': open['src/routes/ai.js'],
        'server/admin.js': open['src/middleware/admin.js'],
        'server/index.js':
          "const express = require('express')\nconst ai = require('./routes/ai')\nconst app = express()\napp.use(staffPrefix, require('./admin').adminOnly)\napp.use('/ai', ai)\napp.listen(3000)\n",
      },
      'certain',
    ],
    ['passport', mounted("app.use('/ai', passport.authenticate('jwt', { session: false }), ai)"), null],
    [
      'a list',
      mounted(
        "app.use('/ai', [adminOnly, limiter], ai)",
        "const { adminOnly } = require('./middleware/admin')\nconst ai = require('./routes/ai')\n",
      ),
      null,
    ],
    [
      'a list that is spread',
      mounted(
        "const guards = [adminOnly]\napp.use('/ai', ...guards, ai)",
        "const { adminOnly } = require('./middleware/admin')\nconst ai = require('./routes/ai')\n",
      ),
      null,
    ],
    [
      'of all methods',
      mounted(
        "app.all('*', adminOnly)\napp.use('/ai', ai)",
        "const { adminOnly } = require('./middleware/admin')\nconst ai = require('./routes/ai')\n",
      ),
      null,
    ],
    [
      'a JSON web token',
      mounted(
        "app.use('/ai', jwt({ secret: process.env.JWT_SECRET, algorithms: ['HS256'] }), ai)",
        "const jwt = require('express-jwt')\nconst ai = require('./routes/ai')\n",
      ),
      null,
    ],
  ])('%s', async (_name, files, expected) => {
    expect(await openness(files)).toBe(expected)
  })
})

describe('a program that nothing runs', () => {
  const program = (folder: string): Files => ({
    [`${folder}/package.json`]: '{ "dependencies": { "express": "5", "openai": "5" } }',
    [`${folder}/server.js`]: `const express = require('express')\n${required}const app = express()\napp.post('/sum', async (req, res) => res.json(await ${call}))\napp.listen(3000)\n`,
  })
  const deploys = (run: string): Files => ({
    'package.json': '{ "scripts": { "build": "cd client && npm run build" } }',
    '.github/workflows/deploy.yml': `on:\n  push:\n    branches: [main]\njobs:\n  deploy:\n    environment: production\n    steps:\n      - run: ${run}\n`,
  })
  const functions = {
    'supabase/functions/ask/index.ts': 'Deno.serve(async req => new Response(await getUser(req)))\n',
  }
  const elsewhere = { ...deploys('supabase functions deploy'), ...functions }

  it.each<[string, Files, string | null]>([
    ['the product’s functions are deployed, it is not', { ...program('package-by-hand'), ...elsewhere }, 'possible'],
    [
      'an image is made of it',
      {
        ...program('package-by-hand'),
        ...elsewhere,
        'package-by-hand/Dockerfile': 'FROM node:24\nCMD ["node", "server.js"]\n',
      },
      'certain',
    ],
    [
      'a root image copies it',
      {
        ...program('api-server'),
        ...elsewhere,
        Dockerfile: 'FROM node:24\nCOPY api-server .\nCMD ["node", "server.js"]\n',
      },
      'certain',
    ],
    [
      'a root script starts it',
      {
        ...program('api-server'),
        ...elsewhere,
        'package.json': '{ "scripts": { "start": "node api-server/server.js" } }',
      },
      'certain',
    ],
    [
      'it is a part of the workspace',
      { ...program('apps/api'), ...elsewhere, 'package.json': '{ "workspaces": ["apps/*"] }' },
      'certain',
    ],
    [
      'only pages are deployed: the server is somewhere',
      {
        ...program('backend'),
        'frontend/vercel.json': '{}',
        'frontend/package.json': '{ "dependencies": { "vite": "7", "react": "19" } }',
      },
      'certain',
    ],
    ['nothing says how anything is deployed', { ...program('backend'), ...functions }, 'certain'],
    ['it is the only program', { ...program('legacy'), 'package.json': '{}' }, 'certain'],
    ['its folder says that it is old', { ...program('archive/server-legacy'), ...program('server') }, 'certain'],
    [
      'the old one alone',
      {
        ...program('archive/server-legacy'),
        'server/package.json': '{ "dependencies": { "express": "5" } }',
        'server/index.js': "const express = require('express')\nexpress().listen(3000)\n",
      },
      'possible',
    ],
    [
      'the old one is still built',
      {
        ...program('legacy'),
        'server/package.json': '{ "dependencies": { "express": "5" } }',
        'server/index.js': "const express = require('express')\nexpress().listen(3000)\n",
        'docker-compose.yml': 'services:\n  old:\n    build: ./legacy\n',
      },
      'certain',
    ],
  ])('%s', async (_name, files, expected) => {
    expect(await openness(files)).toBe(expected)
  })
})
