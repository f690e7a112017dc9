// JavaScript libraries with known holes that matter in a browser (or, for Next.js, on the server behind it): which versions, and since when it is mended.
// Written 2026-11-25 from knowledge of the GitHub Advisory Database (github.com/advisories), one advisory a row; to be held against it before each release. Only versions that an advisory names are here:
// being old is no hole. The list is what small products meet, not all there is; `lockfile` checks ask the advisory database itself. `fixed: null` means that no version of this line was ever mended.

export type VulnerableLibrary = {
  /** Name as in the npm registry. */
  library: string
  /** First version affected, and the first that no longer is (same line). */
  from: string
  fixed: string | null
  advisory: string
  /** What an attacker can do, in a few words. */
  what: string
}

const row = (
  library: string,
  from: string,
  fixed: string | null,
  advisory: string,
  what: string,
): VulnerableLibrary => ({ library, from, fixed, advisory, what })

export const vulnerableLibraries: readonly VulnerableLibrary[] = [
  row('jquery', '1.0.3', '3.5.0', 'GHSA-gxr4-xjj5-5px2', 'script in HTML that jQuery inserts (CVE-2020-11022)'),
  row('jquery', '1.1.4', '3.4.0', 'GHSA-6c3j-c64m-qhgq', 'prototype pollution in $.extend (CVE-2019-11358)'),
  row('jquery', '1.2.1', '1.9.0', 'GHSA-2pqj-h3vj-pqgw', 'script through selectors (CVE-2012-6708)'),
  row('jquery-ui', '1.0.0', '1.13.0', 'GHSA-9gj3-hwp5-pmwc', 'script through the date picker (CVE-2021-41182)'),
  row('jquery-ui', '1.0.0', '1.13.2', 'GHSA-h6gj-6jjq-h8g9', 'script through check boxes (CVE-2022-31160)'),
  row('bootstrap', '2.0.0', '3.4.1', 'GHSA-9v3m-8fp8-mj99', 'script through tooltips (CVE-2019-8331)'),
  row('bootstrap', '4.0.0', '4.3.1', 'GHSA-9v3m-8fp8-mj99', 'script through tooltips (CVE-2019-8331)'),
  row('angular', '1.0.0', '1.8.0', 'GHSA-mhp6-pxh8-r675', 'script through select options (CVE-2020-7676)'),
  row('angular', '1.3.0', null, 'GHSA-4w4v-5hc9-xrr2', 'a page that freezes on crafted input (CVE-2024-21490)'),
  row('lodash', '0.1.0', '4.17.12', 'GHSA-jf85-cpcp-j695', 'prototype pollution in defaultsDeep (CVE-2019-10744)'),
  row('lodash', '3.7.0', '4.17.19', 'GHSA-p6mc-m468-83gw', 'prototype pollution in zipObjectDeep (CVE-2020-8203)'),
  row('lodash', '0.1.0', '4.17.21', 'GHSA-35jh-r3h4-6jhm', 'code through templates (CVE-2021-23337)'),
  row('underscore', '1.3.2', '1.12.1', 'GHSA-cf4h-3jhx-xvhq', 'code through templates (CVE-2021-23358)'),
  row('moment', '2.18.0', '2.29.4', 'GHSA-wc69-rhjr-hqg9', 'a page that freezes on a crafted date (CVE-2022-31129)'),
  row('handlebars', '1.0.0', '4.7.7', 'GHSA-f2jv-r9rf-7988', 'code through templates (CVE-2021-23369)'),
  row('dompurify', '1.0.0', '2.5.0', 'GHSA-gx9m-whjm-85jf', 'script that passes the cleaner (CVE-2024-47875)'),
  row('dompurify', '2.5.0', '2.5.4', 'GHSA-mmhx-hmjr-r674', 'script that passes the cleaner (CVE-2024-45801)'),
  row('dompurify', '3.0.0', '3.1.3', 'GHSA-mmhx-hmjr-r674', 'script that passes the cleaner (CVE-2024-45801)'),
  row('dompurify', '3.1.3', '3.2.4', 'GHSA-vhxf-7vqr-mrjg', 'script that passes the cleaner (CVE-2025-26791)'),
  row('dompurify', '3.2.4', '3.3.2', 'GHSA-v2wj-7wpq-c8vv', 'script that passes the cleaner (CVE-2026-0540)'),
  row('axios', '0.8.1', '0.28.0', 'GHSA-wf5p-g6vw-rhxx', 'the anti-forgery token sent to other sites (CVE-2023-45857)'),
  row('axios', '1.0.0', '1.6.0', 'GHSA-wf5p-g6vw-rhxx', 'the anti-forgery token sent to other sites (CVE-2023-45857)'),
  row('axios', '1.6.0', '1.8.2', 'GHSA-jr5f-v2jv-69x6', 'credentials sent to another server (CVE-2025-27152)'),
  row('next', '11.1.4', '12.3.5', 'GHSA-f82v-jwr5-mffw', 'login checks in middleware walked around (CVE-2025-29927)'),
  row('next', '13.0.0', '13.5.9', 'GHSA-f82v-jwr5-mffw', 'login checks in middleware walked around (CVE-2025-29927)'),
  row('next', '14.0.0', '14.2.25', 'GHSA-f82v-jwr5-mffw', 'login checks in middleware walked around (CVE-2025-29927)'),
  row(
    'next',
    '15.0.0',
    '15.0.5',
    'GHSA-9qr9-h5gf-34mp',
    'code on your server through server components (CVE-2025-55182)',
  ),
  row(
    'next',
    '15.1.0',
    '15.1.9',
    'GHSA-9qr9-h5gf-34mp',
    'code on your server through server components (CVE-2025-55182)',
  ),
  row(
    'next',
    '15.2.0',
    '15.2.6',
    'GHSA-9qr9-h5gf-34mp',
    'code on your server through server components (CVE-2025-55182)',
  ),
  row(
    'next',
    '15.3.0',
    '15.3.6',
    'GHSA-9qr9-h5gf-34mp',
    'code on your server through server components (CVE-2025-55182)',
  ),
  row(
    'next',
    '15.4.0',
    '15.4.8',
    'GHSA-9qr9-h5gf-34mp',
    'code on your server through server components (CVE-2025-55182)',
  ),
  row(
    'next',
    '15.5.0',
    '15.5.7',
    'GHSA-9qr9-h5gf-34mp',
    'code on your server through server components (CVE-2025-55182)',
  ),
  row(
    'next',
    '16.0.0',
    '16.0.7',
    'GHSA-9qr9-h5gf-34mp',
    'code on your server through server components (CVE-2025-55182)',
  ),
  row('vue', '2.0.0', '3.0.0', 'GHSA-5j4c-8p2g-v4jx', 'a page that freezes on a crafted template (CVE-2024-9506)'),
  row('react-dom', '16.0.0', '16.0.1', 'GHSA-mvjj-gqq2-p4hw', 'script in pages rendered on the server (CVE-2018-6341)'),
  row('react-dom', '16.1.0', '16.1.2', 'GHSA-mvjj-gqq2-p4hw', 'script in pages rendered on the server (CVE-2018-6341)'),
  row('react-dom', '16.2.0', '16.2.1', 'GHSA-mvjj-gqq2-p4hw', 'script in pages rendered on the server (CVE-2018-6341)'),
  row('react-dom', '16.3.0', '16.3.3', 'GHSA-mvjj-gqq2-p4hw', 'script in pages rendered on the server (CVE-2018-6341)'),
  row('react-dom', '16.4.0', '16.4.2', 'GHSA-mvjj-gqq2-p4hw', 'script in pages rendered on the server (CVE-2018-6341)'),
  row('knockout', '2.0.0', '3.5.0', 'GHSA-vcjj-xf2r-mwvc', 'script through bindings (CVE-2019-14862)'),
  row(
    'select2',
    '3.0.0',
    '4.0.6',
    'GHSA-rf66-hmqf-q3fc',
    'script through choices loaded from elsewhere (CVE-2016-10744)',
  ),
  row('chart.js', '1.0.0', '2.9.4', 'GHSA-h68q-55jf-x68w', 'prototype pollution through options (CVE-2020-7746)'),
  row('prismjs', '1.1.0', '1.30.0', 'GHSA-x7hr-w5r2-h6wg', 'script through markup in a page (CVE-2024-53382)'),
]
