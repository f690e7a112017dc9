// Words of the pages that are put up where a site was broken into or a name has run out: gambling, in the languages that such pages are
// written in. Dated 2026-12-01; sources: pages so found, and the word lists of clean-up services.

/** By what they speak of: a page of one kind may be about it, one of several sells it. */
export const gamblingKinds: readonly RegExp[] = [
  /\bslots?\b(?! machines? for sale)|\bgacor\b|\bmaxwin\b|\brtp\b|\bscatter hitam\b|\bpragmatic play\b|\bpg ?soft\b|\bhabanero\b|\bjoker123\b|\bmahjong ways\b|\bgates of olympus\b|\bsweet bonanza\b|\bstarlight princess\b|\btragaperras\b|\bca[çc]a-n[íi]quel|\bspielautomat|\bmachines? [àa] sous\b|игровы\S{1,3} автомат|слот[аоы]?\b|สล็อต|스롯|슬롯|老虎机|スロット/giu,
  /\btogel\b|\btoto (?:macau|4d|togel|hk|sgp)\b|\bbandar\b|\bdata (?:hk|sgp|macau)\b|\blot(?:tery|to|eria|ería)\b|\blô đề\b|\bxổ số\b|หวย|彩票|로또/giu,
  /\bjudi\b|\btaruhan\b|\bsbobet\b|\bsabung ayam\b|\bbandarq\b|\bdominoqq\b|\bpoker\b|\bbetting\b|\bsportsbook\b|\bbahis\b|\biddaa\b|\bapostas?\b|\bapuestas?\b|\bparis sportifs\b|\bsportwetten\b|\bscommess[ae]\b|ставк\S{1,3} на спорт|букмекер|\bcá (?:cược|độ)\b|\bnhà cái\b|แทงบอล|พนัน|토토|베팅|博彩|投注|体育/giu,
  /\b[ck]asinos?\b|\bcazino\b|казино|\broulette\b|\brulet[ae]?\b|\bblackjack\b|\bbac+arat\b|\bbakkarat\b|\bsòng bạc\b|บาคาร่า|คาสิโน|카지노|바카라|赌场|娱乐城|百家乐|カジノ/giu,
  /\bfree ?spins?\b|\bno deposit bonus\b|\b(?:welcome|sign-?up|deposit) bonus\b|\bbonus (?:new member|deposit|senza deposito|de bienvenida)\b|\bdeposit (?:pulsa|qris|dana|ovo)\b|\bdeneme bonusu\b|\bjackpots?\b|\b(?:giros|tiradas|rodadas|giri) gratis\b|\bfreispiele\b|фриспин|бездепозит|เครดิตฟรี|보너스/giu,
]
