// Servers from which services hand out their own scripts: payment, analytics, consent, chat, maps, captcha, advertising, fonts. Their scripts
// are not the product's: a page lives without most of them, and nothing of the product's is in them. Dated 2026-11-29, from the vendors'
// installation guides.

const hosts =
  'js.stripe.com m.stripe.network cdn.paddle.com www.paypal.com www.paypalobjects.com js.braintreegateway.com assets.lemonsqueezy.com app.lemonsqueezy.com checkoutshopper-live.adyen.com js.squareup.com web.squarecdn.com x.klarnacdn.net pay.google.com applepay.cdn-apple.com checkout.razorpay.com js.mollie.com ' +
  'www.googletagmanager.com googletagmanager.com www.google-analytics.com google-analytics.com ssl.google-analytics.com www.googleadservices.com pagead2.googlesyndication.com securepubads.g.doubleclick.net googleads.g.doubleclick.net www.google.com www.gstatic.com apis.google.com accounts.google.com maps.googleapis.com maps.google.com fonts.googleapis.com fonts.gstatic.com www.recaptcha.net translate.google.com www.youtube.com ' +
  'plausible.io analytics.umami.is cloud.umami.is scripts.simpleanalyticscdn.com cdn.usefathom.com static.cloudflareinsights.com challenges.cloudflare.com ajax.cloudflare.com va.vercel-scripts.com cdn.vercel-insights.com us-assets.i.posthog.com eu-assets.i.posthog.com app.posthog.com us.i.posthog.com eu.i.posthog.com cdn.mxpnl.com cdn.amplitude.com cdn.segment.com cdn.heapanalytics.com static.hotjar.com script.hotjar.com www.clarity.ms cdn.logrocket.io cdn.lr-ingest.io edge.fullstory.com rs.fullstory.com cdn.matomo.cloud mc.yandex.ru hm.baidu.com stats.wp.com js-agent.newrelic.com bam.nr-data.net browser.sentry-cdn.com js.sentry-cdn.com www.datadoghq-browser-agent.com d2wy8f7a9ursnm.cloudfront.net cdn.rollbar.com cdn.speedcurve.com rum.hlx.page gc.zgo.at static.getclicky.com ' +
  'connect.facebook.net platform.twitter.com static.ads-twitter.com snap.licdn.com platform.linkedin.com analytics.tiktok.com s.pinimg.com www.redditstatic.com bat.bing.com sc-static.net www.instagram.com ' +
  'cdn.cookielaw.org consent.cookiebot.com consent.cookiefirst.com cdn-cookieyes.com cdn.iubenda.com app.usercentrics.eu web.cmp.usercentrics.eu cmp.osano.com sdk.privacy-center.org cdn.klaro.org cdn.consentmanager.net ' +
  'widget.intercom.io js.intercomcdn.com client.crisp.chat embed.tawk.to static.zdassets.com js.driftt.com js.drift.com beacon-v2.helpscout.net wchat.freshchat.com cdn.livechatinc.com code.tidio.co js.hs-scripts.com js.hs-analytics.net js.hsforms.net js.hs-banner.com cdn.gleap.io cdn.headwayapp.co cdn.beamer.com app.getbeamer.com assets.calendly.com embed.typeform.com static.klaviyo.com chimpstatic.com js.convertflow.co fast.wistia.com player.vimeo.com cdn.userway.org widget.trustpilot.com js.hcaptcha.com hcaptcha.com newassets.hcaptcha.com kit.fontawesome.com use.fontawesome.com use.typekit.net p.typekit.net js.chargebee.com cdn.auth0.com cdn.firstpromoter.com r.wdfl.co t.contentsquare.net cdn.optimizely.com cdn.growthbook.io dev.visualwebsiteoptimizer.com'

const vendors = new Set(hosts.split(/\s+/))

/** Servers of published packages: what they hold under a package's name is a library, not the product. */
const libraries =
  /^(?:cdnjs\.cloudflare\.com|ajax\.googleapis\.com|ajax\.aspnetcdn\.com|code\.jquery\.com|(?:maxcdn|stackpath|netdna)\.bootstrapcdn\.com|unpkg\.com|www\.unpkg\.com|esm\.sh|esm\.run|cdn\.skypack\.dev|ga\.jspm\.io|cdn\.tailwindcss\.com|polyfill\.io|cdn\.polyfill\.io|polyfill-fastly\.io|yastatic\.net|cdn\.bootcdn\.net|cdn\.bootcss\.com|cdn\.staticfile\.org)$/i

/** Whether a script is a service's own: it belongs to that service, whichever page loads it. */
export const isVendorScript = (url: string): boolean => URL.canParse(url) && vendors.has(new URL(url).hostname)

/** Whether a file is a published package's. */
export const isPackageFile = (url: string): boolean => {
  if (!URL.canParse(url)) return false
  const { hostname, pathname } = new URL(url)
  return libraries.test(hostname) || (hostname === 'cdn.jsdelivr.net' && /^\/(?:npm|combine\/npm)\//.test(pathname))
}

/** Paths of a site's own host at which a platform or a proxy serves measuring scripts. */
const measuringPath =
  /^\/(?:cdn-cgi\/|_vercel\/(?:insights|speed-insights)\/|\.netlify\/scripts\/|ingest\/static\/|_dd\/)|\/(?:gtag|gtm|plausible|umami|matomo|piwik|fathom|analytics|pixel|fbevents|hotjar|clarity)[\w.-]*\.js$/i

/** Whether a script on the product's own host only measures: the page lives without it. */
export const isMeasuringScript = (url: string, attributes: Readonly<Record<string, string>>): boolean =>
  measuringPath.test(new URL(url).pathname) ||
  attributes['data-domain'] !== undefined ||
  attributes['data-website-id'] !== undefined ||
  attributes['data-cf-beacon'] !== undefined

/** Inline snippets by which services are called: they draw nothing. */
export const isServiceSnippet = (text: string): boolean =>
  text.length < 6000 &&
  /\b(?:gtag\(|dataLayer\b|GoogleAnalyticsObject|fbq\(|_paq\b|_hjSettings|hj\(|plausible\b|intercomSettings|Intercom\(|\$crisp|clarity\(|posthog\.|mixpanel|amplitude|analytics\.load|__tawk|Tawk_API|_linkedin_partner|ttq\.|twq\(|OneTrust|Cookiebot|hbspt|_hsq|umami|__cf\$cv|cdn-cgi\/challenge-platform)/.test(
    text,
  ) &&
  !/\b(?:import\s*\(|ReactDOM|createRoot|createApp|hydrate|__NEXT|__NUXT|innerHTML\s*=)/.test(text)
