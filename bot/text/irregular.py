"""Forms of irregular verbs, which no stemmer brings together: *paid* is *pay*, *contient* is
*contenir*.

The commonest of each language (R. Quirk et al., A Comprehensive Grammar of the English Language,
1985, 3.11 to 3.20; Bescherelle, La conjugaison, tables 19 to 99), folded, the base form first.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

_FORMS = {
    "en": """
begin began begun; bite bit bitten; blow blew blown; break broke broken; bring brought; build
built; burn burnt; buy bought; catch caught; choose chose chosen; come came; cut; deal dealt; dig
dug; draw drew drawn; drink drank drunk; drive drove driven; eat ate eaten; fall fell fallen; feed
fed; feel felt; fight fought; find found; fly flew flown; forbid forbade forbidden; forget forgot
forgotten; freeze froze frozen; get got gotten; give gave given; go went gone; grow grew grown;
hear heard; hide hid hidden; hold held; keep kept; know knew known; lay laid; lead led; leave
left; lend lent; lose lost; make made; mean meant; meet met; pay paid; ride rode ridden; ring rang
rung; rise rose risen; run ran; say said; see saw seen; sell sold; send sent; shake shook shaken;
shine shone; shoot shot; show shown; sing sang sung; sink sank sunk; sit sat; sleep slept; speak
spoke spoken; spend spent; stand stood; steal stole stolen; stick stuck; strike struck; swear
swore sworn; swim swam swum; take took taken; teach taught; tell told; think thought; throw threw
thrown; understand understood; wake woke woken; wear wore worn; win won; withdraw withdrew
withdrawn; write wrote written; die died death dead; bear born birth
""",
    "fr": """
acquerir acquiert acquis; appartenir appartient appartiennent; atteindre atteint atteignent; boire
boit boivent bu; comprendre comprend comprennent compris; conclure conclut conclu; conduire
conduit conduisent; connaitre connait connaissent connu; construire construit construisent;
contenir contient contiennent contenait contenu; convenir convient conviennent convenu; courir
court courent couru; couvrir couvre couvert; craindre craint craignent; croire croit croient cru;
decouvrir decouvre decouvert; detruire detruit detruisent; devenir devient deviennent devenu; dire
dit disent; dormir dort dorment; ecrire ecrit ecrivent; eteindre eteint eteignent; inscrire
inscrit inscrivent; inclure inclut incluent inclus inclusion; interdire interdit interdisent;
intervenir intervient intervenu; joindre joint joignent; lire lit lisent lu; maintenir maintient
maintiennent maintenu; mettre met mettent mis; mourir meurt meurent mort deces; naitre nait
naissent ne nee naissance; obtenir obtient obtiennent obtenu; offrir offre offert; ouvrir ouvre
ouvert ouverture; partir part partent parti; parvenir parvient; payer paie paient paye paiement;
perdre perd perdent perdu perte; permettre permet permettent permis; plaindre plaint plainte;
prendre prend prennent pris prise; prevenir previent previennent prevenu; produire produit
produisent; promettre promet promis; recevoir recoit recoivent recu; rejoindre rejoint; rendre
rend rendent rendu; reprendre reprend repris; resoudre resout resolu; retenir retient retenu;
revenir revient reviennent revenu; savoir sait savent su; servir sert servent; sortir sort sortent
sorti sortie; souscrire souscrit; soutenir soutient soutenu; suivre suit suivent suivi; tenir
tient tiennent tenu; traduire traduit; transmettre transmet transmis; valoir vaut valent; vendre
vend vendent vendu vente; venir vient viennent venu; vivre vit vivent vecu; voir voit voient vu;
vouloir veut veulent voulu; essayer essaie; envoyer envoie envoi; nettoyer nettoie; appeler
appelle appel; jeter jette; acheter achete achat; lever leve; mener mene
""",
}


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """By language: each form to all forms of its verbs, the base form first."""
    tables: dict[str, dict[str, tuple[str, ...]]] = {}
    for language, text in _FORMS.items():
        table = tables.setdefault(language, {})
        for verb in text.split(";"):
            forms = tuple(verb.split())
            for form in forms:
                table[form] = (*table.get(form, ()), *forms)
    return tables


def forms_of(folded: str, language: str) -> tuple[str, ...]:
    """Return all forms of the irregular verb that a folded word is a form of, the base form first;
    none of another word.
    """
    return _tables().get(language, {}).get(folded, ())
