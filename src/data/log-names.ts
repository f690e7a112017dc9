// Names of fields whose values do not belong into a log, and how a value is called where it was. Written without separators, in
// lower case: `api_key`, `apiKey`, `API-KEY` and `api.key` are one name. Sources: OWASP Logging Cheat Sheet ("Data to exclude"),
// the default lists of Sentry, Rails, Laravel and Django, PCI DSS 4.0 §3, as of 2026-11.

/** What was found, as it is called in its place. */
export type LogKind =
  | 'password'
  | 'token'
  | 'key'
  | 'private-key'
  | 'authorization'
  | 'cookie'
  | 'session'
  | 'jwt'
  | 'one-time-code'
  | 'url-credential'
  | 'card'
  | 'card-code'
  | 'iban'
  | 'national-id'
  | 'email'
  | 'phone'
  | 'name'
  | 'birth-date'
  | 'address'
  | 'ip'

/** How bad it is that somebody reads it. */
export type LogClass = 'secret' | 'session' | 'personal-data' | 'payment-card'

export const classOfKind: Readonly<Record<LogKind, LogClass>> = {
  password: 'secret',
  token: 'secret',
  key: 'secret',
  'private-key': 'secret',
  authorization: 'session',
  cookie: 'session',
  session: 'session',
  jwt: 'session',
  'one-time-code': 'secret',
  'url-credential': 'secret',
  card: 'payment-card',
  'card-code': 'payment-card',
  iban: 'personal-data',
  'national-id': 'personal-data',
  email: 'personal-data',
  phone: 'personal-data',
  name: 'personal-data',
  'birth-date': 'personal-data',
  address: 'personal-data',
  ip: 'personal-data',
}

/** A name that is exactly one of these. */
export const exactNames: Readonly<Partial<Record<LogKind, readonly string[]>>> = {
  password: [
    'pass',
    'pwd',
    'passcode',
    'pw',
    'userpass',
    'dbpass',
    'smtppass',
    'mailpass',
    'redispass',
    'pgpass',
    'requirepass',
    'masterauth',
    'psk',
    // Elsewhere: Russian, Chinese, Japanese, Korean, Arabic, Persian, Hebrew, Greek, Thai, Hindi, Ukrainian.
    'пароль',
    'парола',
    '密码',
    '密碼',
    '口令',
    'パスワード',
    '비밀번호',
    'كلمةالمرور',
    'كلمةالسر',
    'رمزعبور',
    'סיסמה',
    'סיסמא',
    'κωδικοςπροσβασης',
    'รหัสผ่าน',
    'पासवर्ड',
    'parola',
    'heslo',
    'haslo',
    'hasło',
    'zaporka',
    'sifre',
    'şifre',
    'lozinka',
    'geslo',
    'slaptazodis',
    'parool',
    'clavesecreta',
    'clavedeacceso',
    'chiavesegreta',
  ],
  token: [
    'jwt',
    'bearer',
    'xsrf',
    'csrf',
    'sig',
    'signature',
    'xamzsignature',
    'xgoogsignature',
    'xamzcredential',
    'devicecode',
    'codeverifier',
    'verifysign',
    'samlresponse',
    'samlrequest',
  ],
  key: [
    'accountkey',
    'sharedaccesskey',
    'masterkey',
    'servicerolekey',
    'licensekey',
    'licencekey',
    'hmackey',
    'connectionstring',
    'appkey',
    'secretkeybase',
    'secretbase32',
    'totpseed',
    'otpseed',
    'mnemonic',
    'seedphrase',
    'recoveryphrase',
    'seedwords',
  ],
  authorization: ['auth', 'proxyauthorization', 'xauthorization'],
  cookie: ['cookies', 'setcookie2'],
  session: ['sid', 'session', 'phpsessid', 'jsessionid', 'connectsid', 'rack.session', 'aspnetsessionid'],
  'one-time-code': [
    ...['otp', 'totp', 'mfacode', 'otpcode', 'smscode', 'pin', 'pincode', 'onetimecode', 'twofactorcode'],
    ...[
      'otpattempt',
      'totpcode',
      'totpattempt',
      'mfaotp',
      'logincode',
      'signincode',
      'magiccode',
      'authenticationcode',
    ],
  ],
  'card-code': ['cvv', 'cvv2', 'cvc', 'cvc2', 'csc', 'securitycode', 'cardcode', 'cardcvc', 'cardcvv'],
  card: ['pan', 'cardnumber', 'cardno', 'ccnumber', 'ccnum', 'creditcard', 'creditcardnumber', 'primaryaccountnumber'],
  iban: ['iban', 'ibannumber', 'accountiban'],
  'national-id': [
    'ssn',
    'bsn',
    'cpf',
    'pesel',
    'personnummer',
    'personnr',
    'dni',
    'nie',
    'nif',
    'codicefiscale',
    'steuerid',
    'taxid',
    'nationalid',
    'socialsecuritynumber',
    'passportnumber',
    'passportno',
    'driverslicense',
    'nino',
    'aadhaar',
    'hetu',
    'cpr',
    'cprnr',
    'insee',
    'nir',
    'rijksregisternummer',
    'cnpj',
    'curp',
    'nhsnumber',
  ],
  email: ['email', 'emailaddress', 'useremail', 'customeremail', 'mailto'],
  phone: ['phone', 'phonenumber', 'telephone', 'tel', 'mobile', 'mobilenumber', 'cellphone', 'msisdn', 'whatsapp'],
  name: [
    'firstname',
    'lastname',
    'fullname',
    'surname',
    'familyname',
    'givenname',
    'maidenname',
    'cardholder',
    'cardholdername',
    'nameoncard',
    'customername',
    'customerfullname',
    'userfullname',
    'patientfullname',
    'contactfullname',
    'employeefullname',
    'patientname',
    'recipientname',
    'billingname',
    'shippingname',
  ],
  'birth-date': ['dob', 'birthdate', 'dateofbirth', 'birthday', 'bornon'],
  address: [
    'streetaddress',
    'street',
    'addressline1',
    'addressline2',
    'addressstreet',
    'homeaddress',
    'billingaddress',
    'shippingaddress',
  ],
  ip: ['clientip', 'remoteip', 'xforwardedfor', 'xrealip', 'ipaddress'],
}

/** A name that ends with one of these: `databasePassword`, `stripe_secret`. */
export const nameEnds: Readonly<Partial<Record<LogKind, readonly string[]>>> = {
  password: [
    'password',
    'passwd',
    'passphrase',
    'passwort',
    'kennwort',
    'wachtwoord',
    'motdepasse',
    'contrasena',
    'contrasenya',
    'senha',
    'palavrapasse',
    'losenord',
    'adgangskode',
    'salasana',
    'jelszo',
    'katasandi',
    'katalaluan',
    'matkhau',
    'passwordhash',
    'passworddigest',
    'passwordconfirmation',
    'passwordconfirm',
  ],
  token: [
    'token',
    'tokenhash',
    'credential',
    'credentials',
    'assertion',
    'hubsignature',
    'oauthsignature',
    'stripesignature',
    'webhooksignature',
    'svixsignature',
    'hmacsignature',
    'requestsignature',
    'hmacsha256',
  ],
  key: [
    'secret',
    'secretkey',
    'apikey',
    'accesskey',
    'privatekey',
    'authkey',
    'signingkey',
    'encryptionkey',
    'secretvalue',
    'clientsecret',
    'webhooksecret',
    'subscriptionkey',
  ],
  authorization: ['authorization'],
  cookie: ['cookie'],
  session: ['sessionid', 'sessid', 'sessionkey', 'sessiontoken'],
  'one-time-code': ['verificationcode', 'backupcode', 'recoverycode', 'backupcodes', 'recoverycodes', 'authcode'],
  phone: ['phonenumber'],
  email: ['emailaddress'],
  name: ['firstname', 'lastname', 'surname'],
  address: ['addressline', 'streetaddress', 'billingaddress', 'shippingaddress'],
}

/** Names above that people write as several words, of which the last alone says nothing. */
export const spacedNames: readonly string[] = [
  ...['api key', 'secret key', 'access key', 'private key', 'signing key', 'encryption key', 'auth key', 'master key'],
  ...['licence key', 'license key', 'account key', 'subscription key', 'session id', 'session key', 'client secret'],
  ...['verification code', 'recovery code', 'backup code', 'recovery codes', 'backup codes', 'security code'],
  ...['card number', 'phone number', 'mobile number', 'passport number', 'social security number', 'national id'],
  ...['first name', 'last name', 'full name', 'family name', 'given name', 'date of birth', 'seed phrase'],
  ...[
    'recovery phrase',
    'street address',
    'home address',
    'mot de passe',
    'kata sandi',
    'kata laluan',
    'palavra passe',
  ],
  ...['clave secreta', 'clave de acceso', 'chiave segreta', 'mật khẩu', 'كلمة المرور', 'كلمة السر', 'رمز عبور'],
  'κωδικός πρόσβασης',
]

/** Names that look like the above and hold nothing of the kind: marks of a page, of a cancellation, yes or no. */
export const harmlessNames: readonly string[] = [
  'nexttoken',
  'pagetoken',
  'nextpagetoken',
  'previouspagetoken',
  'continuationtoken',
  'cancellationtoken',
  'canceltoken',
  'synctoken',
  'unexpectedtoken',
  'stoptoken',
  'padtoken',
  'eostoken',
  'hastoken',
  'istoken',
  'haspassword',
  'ispassword',
  'showpassword',
  'forgotpassword',
  'resetpassword',
  'changepassword',
  'updatepassword',
  'requirepassword',
  'needspassword',
  'nopassword',
  'hascookie',
  'iscookie',
  'nocookie',
  'hassecret',
  'issecret',
  'isauthorization',
  'needsauthorization',
  'pushtoken',
  'pertoken',
]

/** Words that stand where a value is told of, not given: `password: required`. */
export const noValues: readonly string[] =
  'true false null none nil undefined empty missing required invalid incorrect wrong expired valid ok yes no on off set unset must is was are has cannot can should too not does did do changed reset updated the a an for from in of to and or please ok okay field validation hash mismatch unknown error failed failure denied rejected accepted optional string number boolean object array redacted filtered masked removed hidden basic bearer digest anonymous disabled enabled default n/a present absent authentication auth login user request requests response refresh type name value sent received created revoked deleted verified verification rotation rotated count await oauth oauth2 oidc saml sso ldap plain md5 scram-sha-256 keyword requerida requerido obligatoria incorrecta incorrecto invalida vergessen falsch erforderlich oublie requis requise incorrect incorrecte invalide obligatoire obrigatoria richiesta errata vereist onjuist'.split(
    ' ',
  )

/** Names after which a number is a number of theirs: of an order, a time, a size. */
export const countingName =
  /(?:id|ids|ts|time|timestamp|at|date|seq|sequence|offset|nonce|bytes|size|length|count|duration|ms|ns|port|pid|build|version|revision|lsn|height|block|order|invoice|ticket|number|no|nr|total|amount|uid|gid|trace|span|hash|sku|isbn|ean|gtin|upc|tracking)$/

/** Words near a number that say that it is an identity. */
export const identityWords =
  /bsn|burgerservice|cpf|pesel|personn|dni\b|nie\b|nif\b|fiscal|steuer|tax.?id|idnr|ssn|social.?sec|national|citizen|identity|aadhaa?r|\bsin\b|\bcnp\b|rodn|\bnir\b|s[eé]curit/i
