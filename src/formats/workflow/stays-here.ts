// Deploys that go no farther than the job that makes them: tests of images and charts.
import type { Job } from './model.ts'

const localAddress =
  /(?:^|[/@\s"'=])(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|host\.docker\.internal)(?=$|[:/\s"'?])/
const remoteAddress = /:\/\/|\$\{\{\s*secrets\./

const ownCluster = /\b(?:kind|k3d)(?: cluster)? create\b|\bminikube start\b|\bk3s\b|\bctlptl create\b/
const ownClusterAction = /(?:kind-action|setup-kind|setup-minikube|minikube|k3d-action|setup-k3s|microk8s)(?:@|$)/i

const ofDocker = /^(?:sudo )?docker(?:-compose)? /
const elsewhere = /\bDOCKER_HOST\b|\bdocker context\b|\bssh\b|\s--context[ =]|\bdocker\s+(?:-H|--host)\b/

/** Whether a job asks the machine that it runs on for what its own Docker started: nothing of it says that another one is meant. */
const asksItself = ({ steps }: Job): boolean =>
  steps.some(({ run }) => run !== null && /\bcurl\b/.test(run) && localAddress.test(run)) &&
  !steps.some(({ run, uses, env }) => elsewhere.test(`${run ?? ''} ${uses ?? ''} ${Object.keys(env).join(' ')}`))

/** Whether what is deployed goes no farther than the job itself: its addresses are those of this machine, or its cluster was made here. */
export const staysHere = (text: string, job: Job, env: Readonly<Record<string, string>>): boolean => {
  const { steps } = job
  if (localAddress.test(text) || (ofDocker.test(text) && asksItself(job))) return true
  const given = Object.values(env).filter(value => localAddress.test(value) || remoteAddress.test(value))
  if (given.length > 0 && given.every(value => localAddress.test(value))) return true
  return (
    /\b(?:kubectl|helm|helmfile|skaffold|kustomize|tilt|kapp|werf)\b/.test(text) &&
    steps.some(({ run, uses }) => ownCluster.test(run ?? '') || ownClusterAction.test(uses ?? ''))
  )
}
