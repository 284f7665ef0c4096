"""Which words name one country or state? General knowledge, no market's wording.

Only names that mean one place and nothing else; people of a country stand for the country.
"""

from typing import Final

_COUNTRIES = """
us=united states,united states of america,usa,us,american,america
uk=united kingdom,great britain,britain,uk,british
england=england,english|scotland=scotland,scottish|wales=wales,welsh
northern ireland=northern ireland|ireland=ireland,republic of ireland,irish
france=france,french|germany=germany,german|italy=italy,italian|spain=spain,spanish
portugal=portugal,portuguese|netherlands=netherlands,holland,dutch|belgium=belgium,belgian
austria=austria,austrian|switzerland=switzerland,swiss|sweden=sweden,swedish
norway=norway,norwegian|denmark=denmark,danish|finland=finland,finnish|iceland=iceland
poland=poland,polish|czechia=czechia,czech republic,czech|slovakia=slovakia,slovak
slovenia=slovenia,slovenian|hungary=hungary,hungarian|romania=romania,romanian
bulgaria=bulgaria,bulgarian|greece=greece,greek|croatia=croatia,croatian|serbia=serbia,serbian
bosnia=bosnia and herzegovina,bosnia herzegovina,bosnia & herzegovina,bosnia,bosnian
kosovo=kosovo|albania=albania,albanian|north macedonia=north macedonia,macedonia
ukraine=ukraine,ukrainian|russia=russia,russian federation,russian|belarus=belarus,belarusian
moldova=moldova,moldovan|georgia=georgian|armenia=armenia,armenian|azerbaijan=azerbaijan
turkey=turkey,turkiye,turkish|cyprus=cyprus|israel=israel,israeli|palestine=palestine,palestinian
lebanon=lebanon,lebanese|syria=syria,syrian|iraq=iraq,iraqi|iran=iran,iranian,ir iran
saudi arabia=saudi arabia,saudi|uae=united arab emirates,uae|qatar=qatar,qatari|yemen=yemen
jordan=kingdom of jordan|kuwait=kuwait|bahrain=bahrain|oman=oman|egypt=egypt,egyptian
libya=libya|tunisia=tunisia,tunisian|algeria=algeria,algerian|morocco=morocco,moroccan
south africa=south africa,south african|nigeria=nigeria,nigerian|ghana=ghana,ghanaian,ghanian
senegal=senegal,senegalese|cameroon=cameroon,cameroonian|kenya=kenya,kenyan
ivory coast=ivory coast,cote divoire,cote d'ivoire|cape verde=cape verde,cabo verde
congo dr=congo dr,dr congo,democratic republic of the congo,democratic republic of congo
congo republic=republic of the congo,congo brazzaville|ethiopia=ethiopia,ethiopian
uganda=uganda,ugandan|tanzania=tanzania|zambia=zambia|zimbabwe=zimbabwe|sudan=sudan
south sudan=south sudan|guinea=guinea|guinea bissau=guinea bissau|mali=malian|niger=niger
china=china,chinese,prc|taiwan=taiwan,taiwanese,chinese taipei|hong kong=hong kong
japan=japan,japanese|south korea=south korea,korea republic,republic of korea,korea,south korean
north korea=north korea,dprk,north korean|india=india,indian|pakistan=pakistan,pakistani
bangladesh=bangladesh|sri lanka=sri lanka|nepal=nepal|afghanistan=afghanistan,afghan
uzbekistan=uzbekistan|kazakhstan=kazakhstan|thailand=thailand,thai|vietnam=vietnam,vietnamese
philippines=philippines,philippine|indonesia=indonesia,indonesian|malaysia=malaysia,malaysian
singapore=singapore|australia=australia,australian|new zealand=new zealand
canada=canada,canadian|mexico=mexico,mexican|brazil=brazil,brazilian|argentina=argentina,argentine,argentinian
chile=chile,chilean|peru=peru,peruvian|colombia=colombia,colombian|venezuela=venezuela,venezuelan
ecuador=ecuador,ecuadorian|bolivia=bolivia,bolivian|paraguay=paraguay,paraguayan
uruguay=uruguay,uruguayan|panama=panama,panamanian|costa rica=costa rica|honduras=honduras,honduran
guatemala=guatemala|el salvador=el salvador|nicaragua=nicaragua|cuba=cuba,cuban|haiti=haiti,haitian
jamaica=jamaica|dominican republic=dominican republic|trinidad=trinidad and tobago,trinidad & tobago
curacao=curacao|puerto rico=puerto rico|greenland=greenland|eu=european union,eu
"""
_STATES = """
Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii
Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan
Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico
New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island
South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia
Wisconsin|Wyoming
"""


def _entries(table: str) -> list[str]:
    return [entry for line in table.strip().split("\n") for entry in line.split("|")]


COUNTRIES: Final = {
    alias: name
    for name, _, aliases in (entry.partition("=") for entry in _entries(_COUNTRIES))
    for alias in aliases.split(",")
}
"""Any of its names or its adjective -> the country."""
STATES: Final = tuple(entry.lower() for entry in _entries(_STATES))
"""Of the United States. Read as whole names, so that West Virginia is not Virginia."""
