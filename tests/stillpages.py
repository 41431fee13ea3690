"""Bring a page in a browser to rest, whether or not it is drawn.

A browser without a window may stop to draw a page. Then no transition comes to an end, no image is
decoded, and who waits for it waits for ever.
"""

from __future__ import annotations

POLL = 100  # milliseconds between two looks, which otherwise come with the frames

# What one colour hands on to another begins when that is set.
REST = """() => {
    const moving = () => document.getAnimations().filter((one) => one.playState !== "finished");
    for (let all = moving(); all.length; all = moving()) {
        for (const one of all) {
            try { one.finish(); } catch { one.cancel(); }  // one without an end
        }
    }
}"""

LOADED = """() => {
    const settled = (image) => image.complete || new Promise((done) => {
        image.onload = image.onerror = done;
    });
    for (const image of document.images) image.loading = "eager";
    return Promise.all([...document.images].map(settled)).then(() => null);
}"""
