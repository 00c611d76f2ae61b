/** Public securities that most people recognise: ticker, CUSIP, name, rough price in dollars. */
export interface KnownSecurity {
  readonly ticker: string;
  readonly cusip: string;
  readonly name: string;
  readonly dollars: number;
}

const read = (rows: string): readonly KnownSecurity[] =>
  rows
    .trim()
    .split('\n')
    .map((row) => {
      const [ticker = '', cusip = '', dollars = '', ...name] = row.trim().split(' ');
      return { ticker, cusip, name: name.join(' '), dollars: Number(dollars) };
    });

export const KNOWN_STOCKS = read(`
  AAPL 037833100 214 Apple Inc
  MSFT 594918104 431 Microsoft Corp
  CSCO 17275R102 52 Cisco Systems Inc
  ORCL 68389X105 141 Oracle Corp
  JNJ 478160104 158 Johnson & Johnson
  PG 742718109 166 Procter & Gamble Co
  KO 191216100 63 Coca-Cola Co
  PEP 713448108 171 PepsiCo Inc
  XOM 30231G102 114 Exxon Mobil Corp
  CVX 166764100 155 Chevron Corp
  JPM 46625H100 203 JPMorgan Chase & Co
  WFC 949746101 59 Wells Fargo & Co
  BRK.B 084670702 412 Berkshire Hathaway Inc class B
  GOOGL 02079K305 176 Alphabet Inc class A
  AMZN 023135106 186 Amazon.com Inc
  INTC 458140100 31 Intel Corp
  PFE 717081103 28 Pfizer Inc
  MRK 58933Y105 126 Merck & Co Inc
  HD 437076102 344 Home Depot Inc
  MCD 580135101 257 McDonald's Corp
  NKE 654106103 77 Nike Inc class B
  DIS 254687106 101 Walt Disney Co
  T 00206R102 18 AT&T Inc
  VZ 92343V104 41 Verizon Communications Inc
  IBM 459200101 176 International Business Machines Corp
  MMM 88579Y101 102 3M Co
  CAT 149123101 331 Caterpillar Inc
  BA 097023105 182 Boeing Co
  V 92826C839 268 Visa Inc class A
  MA 57636Q104 446 Mastercard Inc class A
  COST 22160K105 846 Costco Wholesale Corp
  SBUX 855244109 79 Starbucks Corp
  ADBE 00724F101 548 Adobe Inc
  TXN 882508104 196 Texas Instruments Inc
  QCOM 747525103 201 Qualcomm Inc
  AMGN 031162100 314 Amgen Inc
  ABT 002824100 104 Abbott Laboratories
  UNP 907818108 226 Union Pacific Corp
  HON 438516106 213 Honeywell International Inc
  DE 244199105 374 Deere & Co
  LOW 548661107 221 Lowe's Companies Inc
  TGT 87612E106 148 Target Corp
  USB 902973304 41 US Bancorp
  GS 38141G104 459 Goldman Sachs Group Inc
  MS 617446448 98 Morgan Stanley
  AXP 025816109 233 American Express Co
  NVDA 67066G104 122 Nvidia Corp
  TSLA 88160R101 197 Tesla Inc
  UNH 91324P102 497 UnitedHealth Group Inc
`);

export const KNOWN_ETFS = read(`
  SPY 78462F103 546 SPDR S&P 500 ETF Trust
  IVV 464287200 549 iShares Core S&P 500 ETF
  AGG 464287226 97 iShares Core US Aggregate Bond ETF
  EEM 464287234 43 iShares MSCI Emerging Markets ETF
  LQD 464287242 107 iShares iBoxx Investment Grade Corporate Bond ETF
  TIP 464287176 107 iShares TIPS Bond ETF
  DVY 464287168 121 iShares Select Dividend ETF
  VOO 922908363 502 Vanguard S&P 500 ETF
  VTV 922908744 161 Vanguard Value ETF
  VUG 922908736 374 Vanguard Growth ETF
  VO 922908629 243 Vanguard Mid-Cap ETF
  VNQ 922908553 84 Vanguard Real Estate ETF
`);

/** Other share classes of two of the stocks above, in the order [class, its sibling’s ticker]. */
export const KNOWN_SIBLINGS = [
  { ...read('GOOG 02079K107 178 Alphabet Inc class C')[0], siblingTicker: 'GOOGL' },
  { ...read('BRK.A 084670108 618000 Berkshire Hathaway Inc class A')[0], siblingTicker: 'BRK.B' },
] as readonly (KnownSecurity & { readonly siblingTicker: string })[];
