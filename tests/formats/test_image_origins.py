import pytest

from sitegen.formats.image_origins import find_originals

S3 = "https://substack-post-media.s3.amazonaws.com/public/images/a-1_2.png"
BUCKET = "https://bucketeer-e05bbc84-baa3.s3.amazonaws.com/public/images/a-1_2.png"
UPLOADS = "https://blog.example/wp-content/uploads/2019/05"

ORIGINALS = {
    f"https://substackcdn.com/image/fetch/w_1456,c_limit,f_auto/{S3.replace(':', '%3A').replace('/', '%2F')}": S3,
    f"https://substackcdn.com/image/fetch/$s_!AbC!,w_848/{S3}": S3,
    BUCKET: S3,
    f"https://cdn.substackcdn.com/image/fetch/w_5/{BUCKET}": S3,
    f"https://res.cloudinary.com/name/image/fetch/w_300,f_auto/{UPLOADS}/x.jpg": f"{UPLOADS}/x.jpg",
    "https://media.beehiiv.com/cdn-cgi/image/fit=scale-down,quality=80/uploads/asset/file/1/x.png": (
        "https://media.beehiiv.com/uploads/asset/file/1/x.png"
    ),
    f"https://x.example/cdn-cgi/image/width=80/{UPLOADS}/x.jpg": f"{UPLOADS}/x.jpg",
    "https://static.wixstatic.com/media/a1_b2~mv2.jpg/v1/fill/w_740,h_416,al_c,q_80/file.webp": (
        "https://static.wixstatic.com/media/a1_b2~mv2.jpg"
    ),
    "https://i0.wp.com/blog.example/wp-content/uploads/2019/05/x.jpg?resize=640%2C480&ssl=1": f"{UPLOADS}/x.jpg",
    "https://i2.wp.com/blog.example/wp-content/uploads/2019/05/x-300x200.jpg?w=300": f"{UPLOADS}/x.jpg",
    f"{UPLOADS}/x-1024x768.jpeg": f"{UPLOADS}/x.jpeg",
    "https://me.files.wordpress.com/2019/05/x.jpg?w=640&h=480": "https://me.files.wordpress.com/2019/05/x.jpg",
    "https://g.example/content/images/size/w1000/2021/05/x.jpg": "https://g.example/content/images/2021/05/x.jpg",
    "https://g.example/content/images/size/w600/format/webp/2021/x.jpg": "https://g.example/content/images/2021/x.jpg",
    "https://miro.medium.com/v2/resize:fit:1400/format:webp/1*aB-c_d.png": "https://miro.medium.com/v2/1*aB-c_d.png",
    "https://cdn-images-1.medium.com/max/800/1*aB-c_d.jpeg": "https://miro.medium.com/v2/1*aB-c_d.jpeg",
    "https://1.bp.blogspot.com/-a/b/c/d/s320/x.jpg": "https://1.bp.blogspot.com/-a/b/c/d/s0/x.jpg",
    "https://blogger.googleusercontent.com/img/a/AVvXs/w640-h480/x.jpg": (
        "https://blogger.googleusercontent.com/img/a/AVvXs/s0/x.jpg"
    ),
    "https://lh3.googleusercontent.com/AbC-d=w640-h480-no": "https://lh3.googleusercontent.com/AbC-d=s0",
    "https://images.squarespace-cdn.com/content/v1/5/6/x.jpg?format=500w": (
        "https://images.squarespace-cdn.com/content/v1/5/6/x.jpg?format=original"
    ),
    "https://assets.buttondown.email/images/u.png?w=960&fit=max": "https://assets.buttondown.email/images/u.png",
    "https://n.example/_next/image?url=%2Fimg%2Fx.png&w=640&q=75": "https://n.example/img/x.png",
}


@pytest.mark.parametrize("url", ORIGINALS)
def test_a_copy_made_by_a_platform_leads_to_its_original_first_and_to_itself_last(url):
    found = find_originals(url)
    assert (found[0], found[-1]) == (ORIGINALS[url], url)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/x.jpg?w=300",
        "https://a.example/x-300x200.jpg",
        S3,
        "https://static.wixstatic.com/media/a1_b2~mv2.jpg",
        "https://[bad/x.png",
        "https://n.example/_next/image?w=640",
        "",
    ],
)
def test_any_other_url_is_tried_alone(url):
    assert find_originals(url) == (url,)
