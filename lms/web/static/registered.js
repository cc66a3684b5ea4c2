// A platform registered us in a frame or a window of its own, which it closes when it is told (LTI Dynamic Registration
// 1.0, 3.6). The message says nothing else, so that it may reach whoever opened this.

(window.opener ?? window.parent).postMessage({ subject: "org.imsglobal.lti.close" }, "*");
