"""Pages that say in words, of many languages, that they hold no article; and articles beside such words."""

import pytest

from tests.clean.making import page
from tests.clean.test_kinds import ARTICLE, fate

FOUND = {
    "de": (
        "Kurier - Seite nicht gefunden",
        "Die von Ihnen gesuchte Seite gibt es nicht. Bitte gehen Sie zur Startseite.",
    ),
    "es": (
        "Página no encontrada | El Correo",
        "La página que buscas no existe. Vuelve a la portada o usa el buscador.",
    ),
    "fr": ("Erreur 404 – Le Courrier", "La page que vous recherchez n'existe pas. Revenez à l'accueil du journal."),
    "ja": (
        "ページが見つかりません｜朝報",
        "お探しのページは削除されたか、URLが変更された可能性があります。トップページからお探しください。",
    ),
    "tr": (
        "Sayfa bulunamadı - Haberci",
        "Aradığınız sayfa kaldırılmış ya da adı değiştirilmiş olabilir. Ana sayfaya dönün.",
    ),
    "ko": (
        "페이지를 찾을 수 없습니다 | 소식",
        "요청하신 페이지가 삭제되었거나 주소가 변경되었습니다. 첫 화면으로 돌아가 주세요.",
    ),
    "ru": (
        "Страница не найдена — Вестник",
        "Запрашиваемая страница не существует. Возможно, она была удалена или перенесена.",
    ),
    "ar": ("الصفحة غير موجودة | البريد", "الصفحة التي تبحث عنها غير موجودة. يرجى العودة إلى الصفحة الرئيسية للموقع."),
    "hi": ("पेज नहीं मिला | समाचार", "आप जिस पेज को खोज रहे हैं वह उपलब्ध नहीं है। कृपया मुख पृष्ठ पर जाएँ।"),
}
CONSENT = {
    "de": ("Wir und unsere Partner verarbeiten personenbezogene Daten zu Werbezwecken.", "Mit Werbung weiterlesen"),
    "es": (
        "Nosotros y nuestros socios almacenamos datos en tu dispositivo para mostrar publicidad.",
        "Aceptar y continuar",
    ),
    "fr": (
        "Nous et nos partenaires stockons des données sur votre appareil pour la publicité.",
        "Continuer sans accepter",
    ),
    "ja": ("当社および当社のパートナーは、広告のために個人データを処理します。", "すべて同意する"),
    "tr": ("Biz ve ortaklarımız reklam göstermek için kişisel verilerinizi işliyoruz.", "Tümünü kabul et"),
    "ko": ("당사 및 파트너는 광고를 위해 귀하의 개인정보를 처리합니다.", "모두 동의"),
    "ru": ("Мы и наши партнёры обрабатываем персональные данные для показа рекламы.", "Принять и продолжить"),
    "ar": ("نحن وشركاؤنا نعالج البيانات الشخصية لعرض الإعلانات على هذا الموقع.", "قبول الكل"),
    "hi": ("हम और हमारे भागीदार विज्ञापन दिखाने के लिए व्यक्तिगत डेटा का उपयोग करते हैं।", "सभी स्वीकार करें"),
}
STUBS = {
    "de": (
        "Der Rat der Stadt hat am Montag lange über den Hafen gestritten.",
        "Dieser Artikel ist nur für Abonnenten.",
    ),
    "es": ("El concejo discutió el lunes durante horas sobre el puerto.", "Suscríbete para seguir leyendo"),
    "fr": ("Le conseil municipal a longuement débattu lundi du port.", "Il vous reste 80 % de cet article à lire."),
    "ja": ("市議会は月曜日、港の計画について長い時間をかけて議論した。", "この記事は有料会員限定です。"),
    "tr": ("Belediye meclisi pazartesi günü liman planını uzun uzun tartıştı.", "Okumaya devam etmek için giriş yapın"),
    "ko": ("시의회는 월요일 항구 계획을 두고 오랫동안 토론을 벌였다.", "유료회원 전용 콘텐츠입니다."),
    "ru": ("Городской совет в понедельник долго обсуждал планы порта.", "Материал доступен по подписке."),
    "ar": ("ناقش مجلس المدينة يوم الاثنين خطة الميناء لساعات طويلة.", "هذا المحتوى للمشتركين فقط"),
    "hi": ("नगर परिषद ने सोमवार को बंदरगाह की योजना पर लंबी बहस की।", "पूरी खबर पढ़ने के लिए लॉग इन करें"),
}


@pytest.mark.parametrize("language", FOUND)
@pytest.mark.parametrize("by", ["title", "sentence"])
def test_an_error_page_says_so_in_its_title_or_in_a_sentence(language, by):
    title, sentence = FOUND[language]
    shown = page(f"<p>{sentence}</p>") if by == "sentence" else page(f"<p>{STUBS[language][0]}</p>", title=title)
    assert fate(shown)[1][:1] == ["soft_404"]


@pytest.mark.parametrize("language", CONSENT)
def test_a_consent_wall_asks_and_offers_to_accept(language):
    asks, accept = CONSENT[language]
    assert fate(page(f"<p>{asks}</p><p>{asks}</p><p>{accept}</p>"))[1][:1] == ["consent_wall"]


@pytest.mark.parametrize("language", CONSENT)
def test_a_brief_below_a_cookie_banner_stays(language):
    asks, accept = CONSENT[language]
    brief = "".join(f"<p>{n}: {STUBS[language][0]}</p>" for n in range(7))
    assert "consent_wall" not in fate(page(f"<div><p>{asks}</p><p>{accept}</p></div><article>{brief}</article>"))[1]


@pytest.mark.parametrize("language", STUBS)
def test_a_paywall_stub_asks_where_its_text_breaks_off(language):
    starts, asks = STUBS[language]
    text = "".join(f"<p>{starts} {n}.</p>" for n in range(3))
    assert fate(page(f"<article>{text}<p>{asks}</p></article>"))[1][:1] == ["paywall_stub"]


@pytest.mark.parametrize("language", STUBS)
def test_an_article_with_all_of_its_text_stays_beside_an_offer_to_subscribe(language):
    starts, asks = STUBS[language]
    text = "".join(f"<p>{starts} {starts} {n}.</p>" for n in range(12))
    closed = ARTICLE.replace("FREE", "false")
    assert "paywall_stub" not in fate(page(f"<article>{text}<p>{asks}</p></article>", head=closed))[1]


def test_a_brief_that_is_not_closed_stays_beside_an_offer_elsewhere_on_the_page():
    starts, asks = STUBS["de"]
    text = "".join(f"<p>{starts} {n}.</p>" for n in range(4))
    menu = "".join(f"<div><a href='/{n}'>Ressort {n}</a></div>" for n in range(9))
    shown = page(f"<article><h1>Streit um den Hafen</h1>{text}</article>{menu}<div>{asks}</div>")
    assert "paywall_stub" not in fate(shown)[1]


@pytest.mark.parametrize(
    "title", ["Nicht gefunden: der Schatz von Selwick", "Seite 404 des Katalogs", "Cookies backen"]
)
def test_a_title_that_only_begins_like_an_error_is_none(title):
    assert "soft_404" not in fate(page("".join(f"<p>{STUBS['de'][0]} {n}.</p>" for n in range(8)), title=title))[1]


def test_a_phrase_that_is_part_of_another_counts_once():
    assert (
        "consent_wall" not in fate(page("<p>Please accept all cookies of this site, for it will not work else.</p>"))[1]
    )


def test_an_error_page_may_call_itself_an_article():
    called = '<meta property="og:type" content="article">'
    assert fate(page(f"<p>{STUBS['de'][0]}</p>", head=called, title="Page Not Found:   Courier"))[1][:1] == ["soft_404"]
