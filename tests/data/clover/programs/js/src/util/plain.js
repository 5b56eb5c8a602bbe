'use strict';
exports.two = () => 2; exports.three = () => 3;
